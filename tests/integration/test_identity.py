"""The kiosk's key: a disk in another machine takes a new one, proven by the old; the same machine keeps its own."""

from __future__ import annotations

import msgspec
import pytest

from agent import identity
from agent.errors import BadData, SettingsError
from agent.machine import mark
from agent.store import forks, ledger
from agent.wire import jose
from agent.wire.line import ledger_thumbprint
from agent.wire.proof import read_proof
from tests.fakes import FakeClock
from tests.ledger_lines import said
from tests.small_office import kiosk_key, small_office, small_store, take

BOARD, OTHER_BOARD = "4c4c4544-0051-3010-8054-b7c04f4e4d32", "4c4c4544-0051-3010-8054-b7c04f4e4d33"
HERE = mark(BOARD, ["00:1b:21:00:00:01"])
THERE = mark(OTHER_BOARD, ["00:1b:21:00:00:09"])
SIBLING = mark(BOARD, ["00:1b:21:00:00:09"])  # a maker gave a whole series one number


class PowerCut(BaseException):
    """The machine goes off."""


def power_cut(*_) -> None:
    raise PowerCut


class Kiosk:
    """An office whose agent starts again and again, on this machine or another."""

    def __init__(self, home) -> None:
        self.home, self.clock = home, FakeClock()
        self.open()
        identity.write_key(home / identity.KEY, kiosk_key())

    def open(self) -> None:
        self.store = small_store(self.home, self.clock)

    def start(self, machine: str | None, random_bytes=None) -> str:
        """The thumbprint of the key with which an agent goes on after a new start."""
        self.store.close()
        self.open()
        return identity.settle(self.store, machine, random_bytes or (lambda size: b"x" * size)).thumbprint()

    def ledgers(self) -> list[tuple[str, str]]:
        """(thumbprint, reason) of each ledger."""
        rows = self.store.rows("SELECT name, reason FROM ledger ORDER BY number")
        return [(ledger_thumbprint(name), reason) for name, reason in rows]

    def reasons(self) -> list[str]:
        return [reason for _, reason in self.ledgers()]


@pytest.fixture
def kiosk(tmp_path):
    kiosk = Kiosk(tmp_path)
    kiosk.start(HERE)
    yield kiosk
    kiosk.store.close()


def test_the_first_start_remembers_its_machine_and_keeps_the_key(kiosk) -> None:
    assert kiosk.ledgers() == [(kiosk_key().thumbprint(), "first")]
    assert ledger.facts(kiosk.store, identity.MACHINE) == {identity.MACHINE: HERE}


def test_a_start_on_the_same_machine_changes_nothing(kiosk) -> None:
    assert kiosk.start(HERE) == kiosk_key().thumbprint()
    assert kiosk.reasons() == ["first"]


@pytest.mark.parametrize("machine", [THERE, SIBLING])
def test_a_cloned_disk_takes_a_new_key_and_a_new_ledger_of_it(kiosk, machine) -> None:
    new = kiosk.start(machine)

    assert new != kiosk_key().thumbprint()
    assert kiosk.ledgers() == [(kiosk_key().thumbprint(), "first"), (new, "cloned")]
    assert identity.load_key(kiosk.home).thumbprint() == new
    assert not (kiosk.home / identity.NEXT_KEY).exists()


def test_the_old_key_vouches_for_the_new_one_in_both_streams(kiosk) -> None:
    new = kiosk.start(THERE)
    rows = kiosk.store.rows("SELECT body FROM line WHERE n = 1 AND stream > 2")
    proofs = [msgspec.json.decode(body)["d"]["proof"] for (body,) in rows]

    assert [read_proof(proof) for proof in proofs] == [(new, kiosk_key().thumbprint())] * 2


def test_a_clone_carries_its_lines_and_pairs_again(kiosk) -> None:
    take(kiosk.store, small_office(kiosk.home), "one")
    with kiosk.store.write():
        ledger.set_fact(kiosk.store, "pairing", "paired")
    kiosk.start(THERE)
    while forks.carry_some(kiosk.store):
        pass

    assert [line["n"] for line in said(kiosk.store, "carried")] == [1, 2]
    assert ledger.facts(kiosk.store, "pairing") == {"pairing": "unpaired"}


def test_a_clone_that_starts_again_where_it_is_stays_what_it_is(kiosk) -> None:
    new = kiosk.start(THERE)

    assert kiosk.start(THERE) == new
    assert kiosk.reasons() == ["first", "cloned"]


def test_a_disk_that_goes_from_machine_to_machine_forks_each_time(kiosk) -> None:
    keys = [kiosk.start(machine) for machine in (THERE, HERE)]

    assert len({kiosk_key().thumbprint(), *keys}) == 3
    assert kiosk.reasons() == ["first", "cloned", "cloned"]


@pytest.mark.parametrize(
    "macs", [[], ["00:1b:21:00:00:01", "00:1b:21:00:00:02"]], ids=["the card failed", "a card was added"]
)
def test_the_same_machine_with_other_cards_keeps_its_key(kiosk, macs) -> None:
    assert kiosk.start(mark(BOARD, macs)) == kiosk_key().thumbprint()
    assert kiosk.reasons() == ["first"]


def test_a_card_that_was_added_may_outlive_the_first_one(kiosk) -> None:
    kiosk.start(mark(BOARD, ["00:1b:21:00:00:01", "00:1b:21:00:00:02"]))
    kiosk.start(mark(BOARD, ["00:1b:21:00:00:02"]))

    assert kiosk.reasons() == ["first"]


def test_a_card_that_was_away_for_one_start_is_known_when_it_comes_back_alone(kiosk) -> None:
    both = ["00:1b:21:00:00:01", "00:1b:21:00:00:02"]
    for macs in (both, both[:1], both[1:]):
        kiosk.start(mark(BOARD, macs))

    assert kiosk.reasons() == ["first"]


def test_a_start_without_cards_does_not_hide_a_later_clone(kiosk) -> None:
    kiosk.start(mark(BOARD, []))
    kiosk.start(SIBLING)

    assert kiosk.reasons() == ["first", "cloned"]


def test_a_machine_without_a_mark_compares_and_forgets_nothing(kiosk) -> None:
    assert kiosk.start(None) == kiosk_key().thumbprint()
    kiosk.start(THERE)

    assert kiosk.reasons() == ["first", "cloned"]


def test_a_power_cut_between_key_file_and_commit_leaves_the_old_key_until_the_next_start(kiosk) -> None:
    with pytest.raises(PowerCut):
        kiosk.start(THERE, power_cut)
    left = jose.read_key((kiosk.home / identity.NEXT_KEY).read_bytes()).thumbprint()
    assert kiosk.reasons() == ["first"]
    assert identity.load_key(kiosk.home).thumbprint() == kiosk_key().thumbprint()
    new = kiosk.start(THERE)

    assert new not in (left, kiosk_key().thumbprint())
    assert kiosk.ledgers()[1:] == [(new, "cloned")]


def test_a_key_file_whose_ledger_never_came_is_dropped_where_the_disk_is_back(kiosk) -> None:
    with pytest.raises(PowerCut):
        kiosk.start(THERE, power_cut)

    assert kiosk.start(HERE) == kiosk_key().thumbprint()
    assert not (kiosk.home / identity.NEXT_KEY).exists()
    assert kiosk.reasons() == ["first"]


def test_a_power_cut_between_commit_and_key_file_is_mended_at_the_next_start(kiosk) -> None:
    kiosk.store.after_commit = power_cut
    with pytest.raises(PowerCut):
        identity.settle(kiosk.store, THERE, lambda size: b"x" * size)
    assert identity.load_key(kiosk.home).thumbprint() == kiosk_key().thumbprint()
    new = kiosk.start(THERE)

    assert kiosk.ledgers() == [(kiosk_key().thumbprint(), "first"), (new, "cloned")]
    assert identity.load_key(kiosk.home).thumbprint() == new
    assert not (kiosk.home / identity.NEXT_KEY).exists()


@pytest.mark.parametrize("content", [b"", b"{", b'{"kty":"OKP","crv":"Ed25519","x":"', b"\xff"])
def test_a_key_file_that_was_cut_off_is_dropped(kiosk, content) -> None:
    (kiosk.home / identity.NEXT_KEY).write_bytes(content)

    assert kiosk.start(HERE) == kiosk_key().thumbprint()
    assert not (kiosk.home / identity.NEXT_KEY).exists()


def test_a_key_is_readable_by_its_owner_only(kiosk) -> None:
    kiosk.start(THERE)

    assert (kiosk.home / identity.KEY).stat().st_mode & 0o777 == 0o600


def test_a_missing_key_stops_the_start_and_names_its_file(kiosk) -> None:
    (kiosk.home / identity.KEY).unlink()
    with pytest.raises(SettingsError) as caught:
        kiosk.start(HERE)

    assert (caught.value.code, caught.value.exit_status) == ("no-key", 78)
    assert caught.value.file.endswith("keys/kiosk.jwk")


def test_a_key_that_is_none_is_told_with_its_file(kiosk) -> None:
    (kiosk.home / identity.KEY).write_text("{}")
    with pytest.raises(BadData) as caught:
        kiosk.start(HERE)

    assert caught.value.code == "bad-key"
    assert caught.value.file.endswith("keys/kiosk.jwk")
