"""Lines out and receipts back by a stick, with a central in memory at the other end."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from agent.errors import Unreachable
from agent.folder import Folder
from agent.store import ledger, pruning, receipts
from agent.uplink import stick
from agent.uplink.signing import Signer
from agent.uplink.trust import Trust
from agent.wire import batch, names
from agent.wire.pairing import read as read_pairing
from tests.fake_central import FakeCentral
from tests.fakes import DAY, FakeClock
from tests.small_office import CODE, kiosk_key, small_office, small_store, take


class Desk:
    """A kiosk, a stick and a central."""

    def __init__(self, home, folder) -> None:
        folder.mkdir()
        self.store = small_store(home, FakeClock())
        self.central = FakeCentral()
        self.office = small_office(home, root=self.central.root.thumbprint())
        self.folder, self.box = folder, Folder(folder)
        self.signer = Signer(self.store, kiosk_key())
        self.trust = Trust(home, self.central.root.thumbprint())
        self.taken = 0

    def visits(self, count: int) -> None:
        for _ in range(count):
            self.store.clock.forward(97_531 + 7_919 * self.taken)
            take(self.store, self.office, f"visit {self.taken}")
            self.taken += 1

    def out(self) -> stick.Carried:
        return stick.carry_out(self.store, self.signer, CODE, self.box, lambda done, of: None)

    def into_central(self) -> None:
        for name in self.box.names(".rekam"):
            file = self.box.read(name, 10**7)
            if names.batch_name(file) != name:
                continue
            answer = self.central.post_batch(file)
            claims = batch.read(file).claims
            self.box.put(names.receipt_name(claims.ledger, claims.stream), answer.body)
        self.box.put(names.KEYS, self.central.key_list().encode())

    def back(self) -> stick.Carried:
        own = kiosk_key().thumbprint()
        return stick.carry_in(self.store, self.trust, own, self.box, lambda done, of: None, nullcontext())

    def unheld(self) -> int:
        return sum(state.last - state.held for state in ledger.states(self.store))


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path / "office", tmp_path / "stick")
    yield made
    made.store.close()


def test_one_round_of_the_stick_delivers_everything(desk) -> None:
    desk.visits(30)
    desk.out()
    desk.into_central()
    desk.back()

    assert desk.unheld() == 0
    assert ledger.facts(desk.store, "pairing")["pairing"] == "paired"


def test_a_kiosk_that_was_never_online_carries_its_request(desk) -> None:
    desk.out()

    (name,) = desk.box.names(".pair")
    wanted, key = read_pairing(desk.box.read(name, 10_000).decode())
    assert (wanted.office, name) == (CODE, names.pair_name(key.thumbprint()))


def test_a_paired_kiosk_carries_no_request_and_takes_the_old_one_off(desk) -> None:
    desk.out()
    desk.into_central()
    desk.back()
    desk.out()

    assert desk.box.names(".pair") == []


def test_carrying_out_twice_puts_only_what_is_new(desk) -> None:
    desk.visits(20)
    desk.out()
    desk.visits(1)
    again = desk.out()

    assert again.files == 1
    assert again.lines == 1


def test_a_stick_keeps_one_sign_of_life(desk) -> None:
    desk.out()
    desk.out()

    claims = [batch.read(desk.box.read(name, 10**7)).claims for name in desk.box.names(".rekam")]
    assert sum(found.count == 0 for found in claims) == 1


def test_a_damaged_file_on_the_stick_is_written_again(desk) -> None:
    desk.visits(20)
    desk.out()
    for name in desk.box.names(".rekam"):
        (desk.folder / name).write_bytes((desk.folder / name).read_bytes()[:-3])
    desk.out()
    desk.into_central()
    desk.back()

    assert desk.unheld() == 0


def test_what_central_holds_leaves_the_stick(desk) -> None:
    desk.visits(20)
    desk.out()
    desk.into_central()
    gone = desk.back()

    left = [batch.read(desk.box.read(name, 10**7)).claims.count for name in desk.box.names(".rekam")]
    assert (gone.files, left) == (1, [0])


def test_what_central_does_not_hold_yet_stays_on_the_stick(desk) -> None:
    desk.visits(5)
    desk.out()
    desk.into_central()
    desk.visits(5)
    desk.out()
    desk.back()

    assert sum(bool(batch.read(desk.box.read(name, 10**7)).claims.count) for name in desk.box.names(".rekam")) == 1


def test_files_of_other_kiosks_are_left_alone(desk) -> None:
    name = "f" * 64 + ".rekam"
    (desk.folder / name).write_bytes(b"of another office")
    desk.visits(3)
    desk.out()
    desk.into_central()
    desk.back()

    assert (desk.folder / name).read_bytes() == b"of another office"


def test_a_forged_receipt_moves_nothing(desk) -> None:
    desk.visits(5)
    desk.out()
    desk.into_central()
    foreign = FakeCentral()
    state = ledger.state(desk.store, "enrollments")
    for name in desk.box.names(".rekam"):
        foreign.post_batch(desk.box.read(name, 10**7))
    token = foreign.said(foreign.streams[state.ledger, "enrollments"], 9)
    desk.box.put(names.receipt_name(state.ledger, "enrollments"), token.encode())
    desk.back()

    assert ledger.state(desk.store, "enrollments").held == 0


def test_a_key_list_of_another_root_is_not_taken(desk) -> None:
    desk.box.put(names.KEYS, FakeCentral().key_list().encode())
    desk.back()

    assert desk.trust.keys().number == 0


def test_an_old_receipt_brought_late_takes_nothing_back(desk) -> None:
    desk.visits(5)
    desk.out()
    desk.into_central()
    state = ledger.state(desk.store, "enrollments")
    name = names.receipt_name(state.ledger, "enrollments")
    old = desk.box.read(name, 10**6)
    desk.visits(5)
    desk.out()
    desk.into_central()
    desk.back()
    desk.box.put(name, old)
    desk.back()

    assert ledger.state(desk.store, "enrollments").held == 10 + 1  # ten visits and the day they opened


def test_an_office_that_only_carries_prunes_what_central_held_long_before_its_newest_word(desk) -> None:
    desk.central.at = desk.store.clock.wall_ms
    for _ in range(2):
        desk.visits(5)
        desk.out()
        desk.into_central()
        desk.back()
        desk.store.clock.forward(91 * DAY)
    while pruning.prune_some(desk.store, 90):
        pass

    state = ledger.state(desk.store, "enrollments")
    assert (state.held, state.floor) == (11, 7)


def test_an_old_receipt_brought_late_does_not_turn_time_back(desk) -> None:
    with desk.store.write():
        for at in (2_000, 1_000):
            receipts.note_central_past(desk.store, at)

    assert ledger.facts(desk.store, receipts.CENTRAL_TIME) == {receipts.CENTRAL_TIME: "2000"}


def test_files_are_no_larger_than_a_batch_may_be(desk, monkeypatch) -> None:
    monkeypatch.setattr(stick, "LARGEST", 1700)
    desk.visits(60)
    came = desk.out()

    sizes = [(desk.folder / name).stat().st_size for name in desk.box.names(".rekam")]
    assert came.files > 1
    assert max(sizes) <= 1700


def test_a_stick_that_fills_up_keeps_what_was_written(desk, monkeypatch) -> None:
    monkeypatch.setattr(stick, "LARGEST", 1700)
    desk.visits(60)
    puts = 0
    real = desk.box.put

    def full(name, content):
        nonlocal puts
        puts += 1
        if puts > 2:
            raise Unreachable("carrier", "no room", file=str(desk.folder))
        real(name, content)

    monkeypatch.setattr(desk.box, "put", full)
    with pytest.raises(Unreachable):
        desk.out()
    monkeypatch.setattr(desk.box, "put", real)
    desk.into_central()
    desk.back()

    assert 0 < desk.unheld() < 61
