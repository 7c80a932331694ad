"""New ledgers: when one begins, and what the mark beside the database tells of the old one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from agent.errors import StoreError
from agent.store import backup, forks, ledger
from agent.store.mark import SIZE, Mark, Numbers
from agent.store.opening import open_store
from agent.wire.receipt import Held
from tests.fakes import FakeClock
from tests.patience import PATIENCE
from tests.restored import copy_database, fork, put_back, reasons, tickets
from tests.small_office import kiosk_key, small_office, small_store, take
from tests.wired_office import wired

REPO = Path(__file__).parents[2]

office = pytest.fixture(wired)


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
    fork(office)
    put_back(office)

    assert reasons(office) == ["first", "restored"]


def test_a_power_cut_between_a_fork_and_its_mark_makes_no_second_fork(office):
    tickets(office, 1)
    office.store.after_commit = lambda: None
    fork(office)
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
    "content",
    [
        "", "{", "\xff\xff", "[]", '{"ledger":1}', '{"ledger":"x","s":0,"streams":{"y":[1,"z"]}}',
        '{"ledger":"LEDGER","s":0,"streams":{"health":[9999999999999999999999,"z"]}}',
    ],
)  # fmt: skip
def test_a_mark_that_cannot_be_read_stops_nothing(office, content):
    tickets(office, 1)
    name = ledger.tail(office.store, "health").ledger
    office.close()
    (office.home / "data/mark.json").write_bytes(content.replace("LEDGER", name).encode("latin-1"))
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
    fork(office)
    first, second = (of for _, of, name, *_ in office.streams() if name == "health")

    assert first.split(".")[0] == second.split(".")[0] == kiosk_key().thumbprint()
    assert first != second


def test_a_database_without_a_ledger_is_told(tmp_path):
    small_store(tmp_path, FakeClock()).close()
    (tmp_path / "data/rekam.db").unlink()
    (tmp_path / "data/mark.json").unlink()

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
