"""The store: one writer behind a lock, readers that cannot write, and errors that say what to do."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from peewee import OperationalError

from agent.errors import AffectedSqlite, Damaged, DiskFull, StoreError
from agent.store import ledger
from agent.store.database import check_sqlite
from agent.wire.kinds import OfficerSigned
from tests.fakes import FakeClock
from tests.patience import PATIENCE
from tests.small_office import small_store


def put(store, name: str, value: str = "1") -> None:
    with store.write():
        ledger.set_fact(store, name, value)


def put_and_fail(store, name: str) -> None:
    with store.write():
        ledger.set_fact(store, name, "1")
        raise ZeroDivisionError


def names(store) -> set[str]:
    return {name for (name,) in store.rows("SELECT name FROM fact")}


def test_a_write_is_there_for_every_reader_once_it_is_done(store):
    put(store, "one")

    assert "one" in names(store)


def test_a_write_that_fails_leaves_nothing(store):
    with pytest.raises(ZeroDivisionError):
        put_and_fail(store, "half")

    assert "half" not in names(store)


@pytest.mark.parametrize("statement", ["INSERT INTO fact VALUES ('x', '1')", "DELETE FROM line", "DROP TABLE visit"])
def test_a_statement_that_writes_is_refused_outside_a_write(store, statement):
    with pytest.raises(StoreError, match="readonly"):
        store.run(statement)


def test_a_model_is_refused_outside_a_write_too(store):
    from agent.store.models import Request

    with pytest.raises(OperationalError, match="readonly"):
        Request.create(kind="send", asked_t=1)


def test_a_write_inside_a_write_says_so_instead_of_waiting_for_itself(store):
    with pytest.raises(StoreError) as caught, store.write(), store.write():
        pass

    assert caught.value.code == "nested-write"


def test_after_a_refused_nested_write_the_store_still_writes(store):
    with pytest.raises(StoreError), store.write(), store.write():
        pass

    put(store, "later")

    assert "later" in names(store)


def test_a_reader_sees_the_last_commit_while_a_write_is_under_way(store):
    put(store, "before")
    inside, read = threading.Event(), threading.Event()

    def write() -> None:
        with store.write():
            ledger.set_fact(store, "during", "1")
            inside.set()
            read.wait(PATIENCE)

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(write)
        inside.wait(PATIENCE)
        seen = names(store)
        read.set()
        done.result()

    assert "before" in seen
    assert "during" not in seen


def test_one_threads_failure_does_not_undo_another_threads_row(store):
    def work(number: int) -> None:
        with store.write():
            ledger.set_fact(store, f"row {number}", "1")
            if number % 2:
                raise ZeroDivisionError

    with ThreadPoolExecutor(20) as pool:
        for done in [pool.submit(work, number) for number in range(100)]:
            done.exception()

    assert {name for name in names(store) if name.startswith("row")} == {f"row {n}" for n in range(0, 100, 2)}


def test_a_reading_connection_of_a_thread_survives_its_own_write(store):
    before = names(store)
    reading = store.database.connection()
    put(store, "mine")

    assert store.database.connection() is reading
    assert names(store) == before | {"mine"}


def test_lines_of_twenty_threads_are_numbered_without_gaps(store):
    def work(number: int) -> int:
        with store.write():
            return ledger.append(store, OfficerSigned(number, "in"))[1]

    with ThreadPoolExecutor(20) as pool:
        given = sorted(pool.map(work, range(200)))

    assert given == list(range(1, 201))


def test_a_full_disk_is_told_as_one_and_nothing_is_recorded(store):
    with store.speaking_through_the_writer():
        pages = store.rows("PRAGMA page_count")[0][0]
        store.run(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(DiskFull) as caught, store.write():
        ledger.set_fact(store, "large", "x" * 100_000)

    assert caught.value.code == "disk-full"
    assert "large" not in names(store)


def test_a_file_cut_short_under_its_holder_is_told_as_an_error_of_ours(store):
    with store.write():
        ledger.set_fact(store, "a", "b")
    os.truncate(store.database.database, 0)

    with pytest.raises(StoreError):
        store.database.open_connection(read_only=True)


def test_a_damaged_page_met_by_a_write_is_told_as_damage(store):
    put(store, "x")
    store.close()
    file = store.home / "data/rekam.db"
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)

    with pytest.raises(Damaged), store.write():
        store.run("DELETE FROM visit")


def test_a_broken_rule_of_a_table_is_told_as_a_refused_change(store):
    with pytest.raises(StoreError) as caught, store.write():
        store.run("INSERT INTO series (day, letter, last) VALUES (99, 'A', 1)")

    assert caught.value.code == "database"


def test_a_close_waits_for_the_write_at_hand(store):
    inside, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with store.write():
            inside.set()
            go_on.wait(PATIENCE)
            ledger.set_fact(store, "last", "1")

    with ThreadPoolExecutor(2) as pool:
        written = pool.submit(write)
        inside.wait(PATIENCE)
        closed = pool.submit(store.close)
        assert not closed.done()
        go_on.set()
        written.result()
        closed.result()

    assert "last" in names(store)


def test_a_closed_store_holds_no_file(tmp_path):
    before = len(list(Path("/proc/self/fd").iterdir()))
    store = small_store(tmp_path, FakeClock())
    put(store, "a")
    names(store)

    store.close()

    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_after_each_commit_the_mark_is_left_and_after_a_failure_not(store):
    left = []
    store.after_commit = lambda: left.append(1)
    put(store, "one")
    with pytest.raises(ZeroDivisionError), store.write():
        raise ZeroDivisionError

    assert left == [1]


@pytest.mark.parametrize("version", ["3.40.1", "3.51.2", "3.7.17"])
def test_a_sqlite_that_can_damage_a_log_with_two_writers_is_refused(version):
    with pytest.raises(AffectedSqlite) as caught:
        check_sqlite(version)

    assert caught.value.exit_status == 78
    assert "3.51.3 or newer" in caught.value.sentence


@pytest.mark.parametrize("version", ["3.51.3", "3.52.0", "3.54.0", "4.0.0"])
def test_a_sqlite_without_that_fault_is_taken(version):
    check_sqlite(version)


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)]
)
@pytest.mark.parametrize("read_only", [True, False])
def test_every_connection_has_its_pragmas(store, pragma, value, read_only):
    connection = store.database.open_connection(read_only=read_only)
    found = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
    connection.close()

    assert found == value


def test_every_table_is_strict(store):
    loose = store.rows(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT strict"
        " AND name NOT LIKE 'sqlite_%' AND name <> 'schema_migration'"
    )

    assert loose == []
