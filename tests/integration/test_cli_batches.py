"""`rekam batch show` and `verify`: what is sound is 0, everything else 65 and one line on stderr."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from agent.store import ledger
from agent.uplink.signing import Signer
from agent.wire import jose
from tests.command_line import ERROR, run
from tests.contract import cases
from tests.fakes import FakeClock
from tests.small_office import kiosk_key, small_office, small_store, take


@pytest.fixture
def rekam(capsys):
    """Run `rekam WORDS`."""
    return partial(run, capsys)


@pytest.fixture
def batch_file(tmp_path) -> Path:
    """A batch of an office's first two lines, signed by its key."""
    store = small_store(tmp_path / "office", FakeClock())
    take(store, small_office(tmp_path / "office"), "one")
    state = ledger.state(store, "enrollments")
    file, _, _ = Signer(store, kiosk_key()).batch(state, (1, state.last), 10_000)
    store.close()
    (tmp_path / "one.rekam").write_bytes(file)
    return tmp_path / "one.rekam"


def test_a_batch_is_shown_with_claims_and_lines(rekam, batch_file) -> None:
    answer = rekam("batch", "show", batch_file)
    shown = json.loads(answer.out)

    assert (answer.status, answer.err) == (0, "")
    assert set(shown) == {"claims", "lines", "sealed"}
    assert shown["lines"][-1]["d"]["ticket"] == "A-001"


def test_a_sound_batch_is_0_also_under_its_own_key(rekam, batch_file, tmp_path) -> None:
    (tmp_path / "own.jwk").write_text(jose.private_text(kiosk_key()))
    assert rekam("batch", "verify", batch_file).out.startswith("ok: ")
    assert rekam("batch", "verify", batch_file, "--keys", tmp_path / "own.jwk").status == 0


def test_a_batch_of_a_foreign_key_is_65(rekam, batch_file, tmp_path) -> None:
    (tmp_path / "others.jwks").write_text(json.dumps({"keys": [jose.new_key().as_dict(private=False)]}))
    answer = rekam("batch", "verify", batch_file, "--keys", tmp_path / "others.jwks")

    assert answer.says(65, "foreign-key", "one.rekam", "kid")


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"\xff", b'{"keys": [{"kty": "RSA"}]}', b'{"keys": ["x"]}', b'{"keys": 5}', b"[1]", b"null",
        b"[" * 9999,
    ],
)  # fmt: skip
def test_a_key_set_that_is_none_is_65_and_named(rekam, batch_file, tmp_path, content) -> None:
    (tmp_path / "bad.jwks").write_bytes(content)
    answer = rekam("batch", "verify", batch_file, "--keys", tmp_path / "bad.jwks")

    assert answer.status == 65
    assert ERROR.fullmatch(answer.err)
    assert answer.err.startswith("rekam: bad-key: ")
    assert "bad.jwks" in answer.err


@pytest.mark.parametrize(
    "line",
    [b'{"d":NaN}', b'{"d":"\\ud800"}', b"\xff", b"[" * 997 + b"]" * 997, b"[" * 9999 + b"]" * 9999, b"9" * 5000],
    ids=["not a number", "half a character", "not UTF-8", "at the edge", "too deep", "too many digits"],
)
def test_a_line_that_not_every_program_can_read_is_shown_as_its_text(rekam, tmp_path, line) -> None:
    (tmp_path / "odd.rekam").write_bytes(cases.build([line]))
    answer = rekam("batch", "show", tmp_path / "odd.rekam")

    assert (answer.status, answer.err) == (0, "")
    assert json.loads(answer.out, parse_constant=pytest.fail)["lines"] == [line.decode("utf-8", "replace")]


@pytest.mark.parametrize("verb", ["show", "verify"])
def test_a_batch_that_was_cut_anywhere_is_65(rekam, batch_file, verb) -> None:
    whole = batch_file.read_bytes()
    for length in {*range(0, len(whole), len(whole) // 20), len(whole) - 1}:
        batch_file.write_bytes(whole[:length])
        answer = rekam("batch", verb, batch_file)

        assert (answer.status, answer.out) == (65, "")
        assert ERROR.fullmatch(answer.err)
        assert "one.rekam" in answer.err


@pytest.mark.parametrize("name", ["missing.rekam", "."])
def test_a_batch_that_cannot_be_read_is_65(rekam, tmp_path, name) -> None:
    answer = rekam("batch", "verify", tmp_path / name)

    assert answer.status == 65
    assert answer.err.startswith("rekam: unreadable: ")
    assert ERROR.fullmatch(answer.err)


@pytest.mark.parametrize("verb", ["show", "verify"])
def test_a_file_without_an_end_is_65_and_not_read_to_it(rekam, verb) -> None:
    assert rekam("batch", verb, "/dev/zero").says(65, "too-large", "zero")
