"""New ledgers: when one begins, what it carries over, and the numbers that are on paper already."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from agent.actions import day
from agent.errors import StoreError
from agent.store import backup, forks, ledger, pruning
from agent.store.receipts import CENTRAL_TIME
from agent.wire.kinds import HealthChanged, LedgerContinued
from agent.wire.line import read_line
from agent.wire.receipt import Held
from tests.fake_central import carried_in
from tests.fakes import DAY, FakeClock
from tests.patience import PATIENCE
from tests.small_office import kiosk_key, small_office, small_store, take
from tests.wired_office import wired

REPO = Path(__file__).parents[2]


office = pytest.fixture(wired)


def copy_database(office, name: str = "copy.db", mark: str = "copy.json") -> None:
    """As a disk image or `cp` would take it: closed, so that all is in one file."""
    office.close()
    shutil.copy(office.home / "data/rekam.db", office.home / name)
    shutil.copy(office.home / "data/mark.json", office.home / mark)
    office.open()


def put_back(office, *, mark_too: bool = False) -> None:
    office.close()
    shutil.copy(office.home / "copy.db", office.home / "data/rekam.db")
    if mark_too:
        shutil.copy(office.home / "copy.json", office.home / "data/mark.json")
    office.open()


def reasons(office) -> list[str]:
    return [reason for (reason,) in office.store.rows("SELECT reason FROM ledger ORDER BY number")]


def tickets(office, count: int) -> list[str]:
    for _ in range(count):
        office.ticket(nik=False)
    return [
        f"{letter}-{place:03d}"
        for letter, place in office.store.rows("SELECT letter, place FROM visit ORDER BY number")
    ]


def kinds(office, stream: int) -> list[str]:
    return [read_line(body).k for _, _, body in office.lines(stream) if body]


def first_line(office, stream: int) -> LedgerContinued:
    return msgspec.json.decode(read_line(office.lines(stream)[0][2]).d, type=LedgerContinued)


def test_a_database_that_is_as_its_mark_says_goes_on(office):
    tickets(office, 2)
    office.close()
    office.open()

    assert reasons(office) == ["first"]


def test_a_database_behind_its_mark_opens_a_new_ledger(office):
    copy_database(office)
    tickets(office, 2)
    put_back(office)

    assert reasons(office) == ["first", "restored"]


def test_a_database_that_lacks_only_signed_batches_is_behind_its_mark_too(office):
    tickets(office, 1)
    copy_database(office)
    office.courier.heartbeat("good")
    put_back(office)

    assert reasons(office) == ["first", "restored"]


def test_a_database_from_before_another_fork_is_noticed(office):
    copy_database(office)
    with office.store.write():
        forks.fork(office.store, forks.DAMAGED, office.luck.randbytes)
    put_back(office)

    assert reasons(office) == ["first", "restored"]


def test_a_power_cut_between_a_fork_and_its_mark_makes_no_second_fork(office):
    tickets(office, 1)
    office.store.after_commit = lambda: None
    with office.store.write():
        forks.fork(office.store, forks.DAMAGED, office.luck.randbytes)
    office.close()
    office.open()

    assert reasons(office) == ["first", "damaged"]


def test_a_mark_that_is_older_than_the_database_is_no_sign(office):
    copy_database(office)
    tickets(office, 2)
    office.close()
    shutil.copy(office.home / "copy.json", office.home / "data/mark.json")
    office.open()

    assert reasons(office) == ["first"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xff", b"[]", b'{"ledger": 1}', b'{"ledger":"x","s":0,"streams":{"y":[1,"z"]}}']
)
def test_a_mark_that_cannot_be_read_stops_nothing(office, content):
    tickets(office, 1)
    office.close()
    (office.home / "data/mark.json").write_bytes(content)
    office.open()

    assert reasons(office) == ["first"]


def test_a_restore_by_command_forks_though_no_mark_shows_it(office):
    tickets(office, 1)
    copy = backup.back_up(office.store, keep=1)
    office.close()
    backup.restore(office.home, copy, kiosk_key().thumbprint())
    (office.home / "data/mark.json").unlink()
    office.open()

    assert reasons(office) == ["first", "restored"]


def test_each_stream_of_the_new_ledger_begins_with_where_it_goes_on(office):
    tickets(office, 3)
    office.courier.send_next()
    tickets(office, 1)
    old = office.streams()[0][1]
    with office.store.write():
        forks.fork(office.store, forks.DAMAGED, office.luck.randbytes)
    said, health = first_line(office, 3), first_line(office, 4)

    assert (said.ledger, said.n, said.last, said.reason) == (old, 4, 5, "damaged")
    assert said.chain == ledger.text_chain(office.lines(1)[3][1])
    assert (health.n, health.last) == (0, 0)


def test_only_what_central_does_not_hold_is_carried_each_line_once(office):
    tickets(office, 3)
    office.courier.send_next()
    tickets(office, 2)
    with office.store.write():
        forks.fork(office.store, forks.DAMAGED, office.luck.randbytes)
    while forks.carry_some(office.store):
        pass

    quoted = [carried_in(body) for _, _, body in office.lines(3)][1:]
    assert [old.n for old in quoted] == [5, 6]
    assert [old.line.encode() for old in quoted] == [body for _, _, body in office.lines(1)][4:]


def test_a_damaged_line_is_left_behind_and_the_others_are_carried(office):
    tickets(office, 4)
    with office.store.write():
        office.store.run("UPDATE line SET body = ? WHERE stream = 1 AND n = 3", b'{"n":3,"forged":true}')
        forks.fork(office.store, forks.DAMAGED, office.luck.randbytes)
    while forks.carry_some(office.store):
        pass

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
        with office.store.write():
            forks.fork(office.store, forks.DAMAGED, office.luck.randbytes)
        forks.carry_some(office.store)
    while forks.carry_some(office.store):
        pass
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
        with office.store.write():
            forks.fork(office.store, forks.DAMAGED, office.luck.randbytes)
        while forks.carry_some(office.store):
            pass
    quoted = [carried_in(body) for _, _, body in office.lines(7)[1:]]

    assert len({(old.ledger, old.n) for old in quoted}) == len(quoted)
    assert {read_line(old.line.encode()).k for old in quoted} == {"ledger.continued", "day.opened", "ticket.taken"}


def test_lines_of_health_are_carried_in_their_own_stream(office):
    with office.store.write():
        ledger.append(office.store, HealthChanged("link", "good", "slow"), "health")
        forks.fork(office.store, forks.DAMAGED, office.luck.randbytes)
    while forks.carry_some(office.store):
        pass

    assert kinds(office, 4) == ["ledger.continued", "carried"]


def test_visits_of_the_old_ledger_are_called_by_their_old_name(office):
    tickets(office, 1)
    old = office.streams()[0][1]
    with office.store.write():
        forks.fork(office.store, forks.DAMAGED, office.luck.randbytes)
    from agent.actions import visits

    called = visits.call_next(office.store, counter=3)
    said = msgspec.json.decode(read_line(office.lines(3)[-1][2]).d)

    assert (said["visit"], said["of"], called.ledger) == (2, old, old)


def test_numbers_of_lost_visits_are_not_given_again_today(office):
    tickets(office, 3)
    copy_database(office)
    tickets(office, 4)
    put_back(office)

    assert tickets(office, 1)[-1] == "A-008"


def test_nor_where_the_whole_day_was_lost(office):
    copy_database(office)
    tickets(office, 4)
    put_back(office)

    assert tickets(office, 1)[-1] == "A-005"
    assert office.store.rows("SELECT max(number) FROM queue_day") == [(2,)]


def test_nor_in_a_series_that_the_copy_did_not_know(office):
    tickets(office, 1)
    copy_database(office)
    for number in range(3):
        take(office.store, office.office, f"other {number}", service="ask")
    put_back(office)

    assert take(office.store, office.office, "again", service="ask").ticket == "D-004"


def test_after_more_than_a_day_a_new_series_begins_at_one_again(office):
    tickets(office, 3)
    copy_database(office)
    tickets(office, 4)
    put_back(office)
    office.clock.forward(2 * DAY)
    day.close_if_due(office.store, office.office)

    assert tickets(office, 1)[-1] == "A-001"


def test_days_that_were_lost_are_not_counted_again(office):
    copy_database(office)
    for _ in range(3):
        tickets(office, 1)
        office.clock.forward(DAY)
    put_back(office)
    office.clock.forward(DAY)
    tickets(office, 1)

    assert office.store.rows("SELECT number FROM queue_day") == [(4,)]


def test_a_restore_with_its_mark_is_noticed_by_centrals_receipt(office):
    tickets(office, 3)
    copy_database(office)
    tickets(office, 4)
    office.courier.send_next()
    put_back(office, mark_too=True)
    before = reasons(office)
    office.courier.heartbeat("good")

    assert (before, reasons(office)) == (["first"], ["first", "restored"])
    assert tickets(office, 1)[-1] == "A-008"


def test_a_receipt_above_our_last_that_does_not_answer_us_makes_no_fork(office):
    tickets(office, 2)
    office.central.spoil = lambda said: msgspec.structs.replace(said, held=Held(9, said.held.chain), s=said.s - 1)
    turn = office.courier.send_next()

    assert turn.failed
    assert reasons(office) == ["first"]


OPEN = """
import sys, pathlib
sys.path.insert(0, {repo!r})
from agent.clock import SystemClock
from agent.store.opening import open_store
sys.stdin.readline()
store = open_store(pathlib.Path({home!r}), SystemClock())
print(len(store.rows("SELECT 1 FROM ledger")))
store.close()
"""


def test_processes_that_open_a_restored_database_at_the_same_time_fork_once(office):
    copy_database(office)
    tickets(office, 3)
    office.close()
    shutil.copy(office.home / "copy.db", office.home / "data/rekam.db")
    code = OPEN.format(repo=str(REPO), home=str(office.home))
    started = [
        subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=PATIENCE)[0].strip() for process in started]
    office.open()

    assert reasons(office) == ["first", "restored"]
    assert answers == ["2"] * 4


def test_the_mark_fits_a_sector_with_the_largest_numbers(office):
    from agent.store.mark import SIZE, Mark, Numbers

    chain = "c" * 43
    mark = Mark(
        "l" * 52, 2**53 - 1, {"enrollments": (2**53 - 1, chain), "health": (2**53 - 1, chain)}, Numbers(10**6, 10**6)
    )

    assert len(msgspec.json.encode(mark)) < SIZE < 512


def test_the_mark_tells_what_the_database_holds(office):
    tickets(office, 2)
    mark = json.loads((office.home / "data/mark.json").read_text())
    n, chain, _ = office.lines(1)[-1]

    assert mark["ledger"] == office.streams()[0][1]
    assert mark["streams"]["enrollments"] == [n, ledger.text_chain(chain)]
    assert mark["numbers"] == {"day": 1, "place": 2}


def test_only_what_the_mark_does_not_say_yet_is_written_to_its_file(office):
    tickets(office, 1)
    file = office.home / "data/mark.json"
    os.utime(file, (0, 0))
    with office.store.write():
        ledger.set_fact(office.store, "stock", "{}")

    assert file.stat().st_mtime == 0
    tickets(office, 1)
    assert file.stat().st_mtime > 0


def test_a_new_ledger_is_named_by_the_same_key_and_new_letters(office):
    with office.store.write():
        forks.fork(office.store, forks.DAMAGED, office.luck.randbytes)
    first, second = (of for _, of, name, *_ in office.streams() if name == "health")

    assert first.split(".")[0] == second.split(".")[0] == kiosk_key().thumbprint()
    assert first != second


def test_a_database_without_a_ledger_is_told(tmp_path):
    small_store(tmp_path, FakeClock()).close()
    (tmp_path / "data/rekam.db").unlink()
    (tmp_path / "data/mark.json").unlink()

    from agent.store.opening import open_store

    with pytest.raises(StoreError) as caught:
        open_store(tmp_path, FakeClock())
    assert caught.value.code == "no-database"


def test_a_ticket_in_a_new_ledger_has_a_name_of_its_own(tmp_path):
    store, office = small_store(tmp_path, FakeClock()), small_office(tmp_path)
    first = take(store, office, "one").visit
    with store.write():
        forks.fork(store, forks.DAMAGED, bytes)
    second = take(store, office, "two").visit
    store.close()

    assert first.split(".")[0] != second.split(".")[0]
