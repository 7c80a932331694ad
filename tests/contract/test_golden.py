"""The golden files of docs/wire.md: what was once sent must be read for ever, and by every version the same way."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from agent.errors import BadData
from agent.wire import base64url, batch, jose, keys, line, names, pairing, proof, receipt, settings, subject
from tests.contract import hpke_by_hand
from tests.contract.cases import KEYS, KIOSK, ROOT, SEAL, STRANGER, refusal
from tests.contract.golden import make

GOLDEN = make.HERE
MADE = make.files()
FACTS = json.loads((GOLDEN / "facts.json").read_text())
INVALID = json.loads((GOLDEN / "invalid" / "expected.json").read_text())
BATCHES = sorted(path.name for path in GOLDEN.glob("*.rekam"))
TOKENS = sorted(path.name for path in GOLDEN.glob("*.jws"))
RECEIPTS = [name for name in TOKENS if name.startswith("receipt")]
FIXED = [name for name in MADE if name.endswith((".jws", ".jwk")) or name.startswith(("facts", "heartbeat"))]
READERS = {
    ".rekam": batch.read,
    ".bearer": lambda file: batch.read_bearer(file.decode()),
    ".receipt": lambda file: receipt.read(file.decode(), KEYS),
    ".keys": lambda file: keys.read(file.decode(), ROOT.thumbprint()),
    ".pair": lambda file: pairing.read(file.decode()),
    ".proof": lambda file: proof.read_proof(file.decode()),
}


def golden(name):
    return (GOLDEN / name).read_bytes()


def in_clear(name):
    return json.loads((GOLDEN / name).with_suffix(".json").read_text())


def without_compression(file):
    """A batch in clear but for the size and hash of its frames: another zstd library packs otherwise."""
    found = make.opened_batch(file)
    found["payload"] |= {"lines": None, "sealed": None}
    return found


def test_the_files_here_are_the_ones_that_make_writes():
    kept = {
        path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*") if path.suffix and "py" not in path.suffix
    }

    assert kept == set(MADE)


@pytest.mark.parametrize("name", FIXED)
def test_what_is_not_compressed_is_made_again_byte_for_byte(name):
    assert MADE[name] == golden(name)


@pytest.mark.parametrize("name", BATCHES)
def test_a_batch_is_made_again_but_for_its_compression(name):
    assert without_compression(MADE[name]) == without_compression(golden(name))


@pytest.mark.parametrize("name", BATCHES)
def test_a_batch_is_read_as_its_json_says(name):
    found, said = batch.read(golden(name)), in_clear(name)

    assert make.opened_batch(golden(name)) == said
    assert (found.claims.ledger, found.claims.first, found.claims.last, found.claims.s) == tuple(
        said["payload"][claim] for claim in ("ledger", "first", "last", "s")
    )


@pytest.mark.parametrize("name", RECEIPTS)
def test_a_receipt_is_read_as_its_json_says(name):
    found, said = receipt.read(golden(name).decode(), KEYS), in_clear(name)["payload"]

    assert json.loads(msgspec.json.encode(found)) == said


def test_the_key_list_is_the_one_of_the_test_keys():
    assert keys.read(golden("keys.jws").decode(), FACTS["root"]) == KEYS


def test_the_settings_are_read_as_their_json_says():
    found, said = settings.read(golden("settings.jws").decode(), KEYS), in_clear("settings.jws")["payload"]

    assert (list(found.version), found.settings) == (said["version"], said["settings"])


def test_the_pairing_request_asks_for_an_office():
    asked, key = pairing.read(golden("pair.jws").decode())

    assert (asked.office, key.thumbprint()) == (in_clear("pair.jws")["payload"]["office"], FACTS["kiosk"])
    assert pairing.code(FACTS["kiosk"]) == FACTS["pairing_code"]


def test_the_proof_joins_two_keys():
    assert proof.read_proof(golden("proof.jws").decode()) == (STRANGER.thumbprint(), KIOSK.thumbprint())


@pytest.mark.parametrize("name", ["kiosk", "another-kiosk", "root", "receipt", "settings"])
def test_a_key_file_says_that_it_is_for_tests_only(name):
    key = json.loads(golden(f"test-keys/{name}.jwk"))

    assert key["rekam"].startswith("TEST KEY")
    assert jose.read_key(key).private_key is not None


def test_the_chain_is_the_one_of_the_facts():
    chain = line.chain_start(FACTS["ledger"], "enrollments")
    chains = [chain, *(chain := line.chain_next(chain, text.encode()) for text in FACTS["lines"])]

    assert [base64url.encode(one) for one in chains] == FACTS["chains"]


def test_the_subject_of_the_facts_is_sealed_as_the_rfc_says_and_opens():
    said = FACTS["subject"]
    ephemeral = base64url.decode(said["ephemeral_private"], field="x")
    raw = hpke_by_hand.seal(
        said["plaintext"].encode(), SEAL.public_key.public_bytes_raw(), said["info"].encode(), ephemeral
    )

    assert base64url.encode(raw) == said["sealed"]
    assert subject.unseal(said["sealed"], SEAL, said["info"].encode()) == json.loads(said["plaintext"])


def test_a_carried_subject_opens_under_its_old_name():
    found = batch.read(golden("continued.rekam"))
    carried = json.loads(found.lines[found.sealed[0].n - found.claims.first])["d"]
    old = subject.info(carried["ledger"], carried["stream"], carried["n"])

    assert subject.unseal(found.sealed[0].sealed, SEAL, old) == make.PERSON


def test_names_on_a_carrier_are_the_ones_of_the_facts():
    said = FACTS["names"]

    assert names.receipt_name(FACTS["ledger"], "enrollments") == said["receipt of enrollments"]
    assert names.receipt_name(FACTS["ledger"], "health") == said["receipt of health"]
    assert names.pair_name(FACTS["kiosk"]) == said["pair"]


@pytest.mark.parametrize(("n", "code"), FACTS["refusals of unusable-lines"].items())
def test_a_line_that_cannot_be_used_has_its_code(n, code):
    text = batch.read(golden("unusable-lines.rekam")).lines[int(n) - 1]

    assert refusal(lambda: line.read_line(text)) == (code if code != "wrong-number" else "")


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_example_is_refused_with_its_code_and_field(name):
    with pytest.raises(BadData) as caught:
        READERS[Path(name).suffix](golden(f"invalid/{name}"))

    assert {"code": caught.value.code, "field": caught.value.field} == INVALID[name]
