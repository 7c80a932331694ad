"""What a new ledger takes over from the one before: every line that central lacks, once, as it was."""

from __future__ import annotations

import msgspec
import pytest

from agent.actions import visits
from agent.errors import StoreError
from agent.store import forks, ledger, pruning
from agent.store.receipts import CENTRAL_TIME
from agent.wire.kinds import HealthChanged, LedgerContinued
from agent.wire.line import read_line
from tests.fake_central import carried_in
from tests.fakes import DAY
from tests.restored import carry_all, fork, reasons, tickets
from tests.wired_office import wired

office = pytest.fixture(wired)


def kinds(office, stream: int) -> list[str]:
    return [read_line(body).k for _, _, body in office.lines(stream) if body]


def first_line(office, stream: int) -> LedgerContinued:
    return msgspec.json.decode(read_line(office.lines(stream)[0][2]).d, type=LedgerContinued)


def test_each_stream_of_the_new_ledger_begins_with_where_it_goes_on(office):
    tickets(office, 3)
    office.courier.send_next()
    tickets(office, 1)
    old = office.streams()[0][1]
    fork(office)
    said, health = first_line(office, 3), first_line(office, 4)

    assert (said.ledger, said.n, said.last, said.reason) == (old, 4, 5, "damaged")
    assert said.chain == ledger.text_chain(office.lines(1)[3][1])
    assert (health.n, health.last) == (0, 0)


def test_only_what_central_does_not_hold_is_carried_each_line_once(office):
    tickets(office, 3)
    office.courier.send_next()
    tickets(office, 2)
    fork(office)
    carry_all(office)

    quoted = [carried_in(body) for _, _, body in office.lines(3)][1:]
    assert [old.n for old in quoted] == [5, 6]
    assert [old.line.encode() for old in quoted] == [body for _, _, body in office.lines(1)][4:]


def test_a_damaged_line_is_left_behind_and_the_others_are_carried(office):
    tickets(office, 4)
    with office.store.write():
        office.store.run("UPDATE line SET body = ? WHERE stream = 1 AND n = 3", b'{"n":3,"forged":true}')
        forks.fork(office.store, forks.DAMAGED, office.luck.randbytes)
    carry_all(office)

    assert [carried_in(body).n for _, _, body in office.lines(3)[1:]] == [1, 2, 4, 5]


def test_what_was_left_behind_is_never_pruned(office):
    tickets(office, 4)
    with office.store.write():
        office.store.run("UPDATE line SET body = ? WHERE stream = 1 AND n = 3", b"{}")
        forks.fork(office.store, forks.DAMAGED, office.luck.randbytes)
    while office.courier.send_next().more:
        pass
    office.clock.forward(200 * DAY)
    office.courier.heartbeat("good")
    while pruning.prune_some(office.store, 90):
        pass

    assert [n for n, _, body in office.lines(1) if body] == [1, 2, 3, 4, 5]
    assert [n for n, _, body in office.lines(3) if body] == []


def test_damage_that_is_met_while_sending_forks_and_sends_the_rest(office):
    tickets(office, 4)
    with office.store.write():
        office.store.run("UPDATE line SET body = ? WHERE stream = 1 AND n = 3", b"{}")
    while office.courier.send_next().more:
        pass

    assert reasons(office) == ["first", "damaged"]
    assert {n for of, name, n in office.central.filed() if (of, name) == office.streams()[0][1:3]} == {1, 2, 4, 5}


def test_a_full_disk_while_sending_is_no_damage(office):
    tickets(office, 1)
    with office.store.speaking_through_the_writer():
        office.store.run(
            "CREATE TRIGGER no_room BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'database is full'); END"
        )

    with pytest.raises(StoreError):
        office.courier.send_next()

    assert reasons(office) == ["first"]


def test_what_was_half_carried_at_a_second_fork_is_not_pruned_before_its_second_copy_is_held(office, monkeypatch):
    """Of lines 1…6, 1 and 2 come into the third ledger by way of the second, behind 3…6."""
    monkeypatch.setattr(forks, "ROWS_AT_ONCE", 2)
    tickets(office, 5)
    for _ in range(2):
        fork(office)
        forks.carry_some(office.store)
    carry_all(office)
    office.clock.forward(200 * DAY)
    pruned = [prune_with_held(office, 5), prune_with_held(office, 8)]

    assert pruned == [{5: 5}, {1: 6, 3: 3, 5: 3}]


def prune_with_held(office, n: int) -> dict[int, int]:
    """Stream row → lines that pruning empties once central holds 1…n of the third ledger."""
    with office.store.write():
        office.store.run("UPDATE stream SET held = ? WHERE number = 5", n)
        ledger.set_fact(office.store, CENTRAL_TIME, str(office.clock.wall_ms()))
    before = empty_lines(office)
    while pruning.prune_some(office.store, 90):
        pass
    return {row: count - before.get(row, 0) for row, count in empty_lines(office).items() if count > before.get(row, 0)}


def empty_lines(office) -> dict[int, int]:
    return dict(office.store.rows("SELECT stream, count(*) FROM line WHERE body IS NULL GROUP BY stream"))


def test_a_second_carrying_does_not_wrap_what_is_carried_already(office):
    tickets(office, 2)
    for _ in range(3):
        fork(office)
        carry_all(office)
    quoted = [carried_in(body) for _, _, body in office.lines(7)[1:]]

    assert len({(old.ledger, old.n) for old in quoted}) == len(quoted)
    assert {read_line(old.line.encode()).k for old in quoted} == {"ledger.continued", "day.opened", "ticket.taken"}


def test_lines_of_health_are_carried_in_their_own_stream(office):
    with office.store.write():
        ledger.append(office.store, HealthChanged("link", "good", "slow"), "health")
        forks.fork(office.store, forks.DAMAGED, office.luck.randbytes)
    carry_all(office)

    assert kinds(office, 4) == ["ledger.continued", "carried"]


def test_visits_of_the_old_ledger_are_called_by_their_old_name(office):
    tickets(office, 1)
    old = office.streams()[0][1]
    fork(office)
    called = visits.call_next(office.store, counter=3)
    said = msgspec.json.decode(read_line(office.lines(3)[-1][2]).d)

    assert (said["visit"], said["of"], called.ledger) == (2, old, old)
