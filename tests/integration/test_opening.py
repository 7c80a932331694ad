"""Opening the office's database: several processes at once, an update, a reboot."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from agent.errors import StoreError
from agent.store import ledger, roster_keys
from agent.store.database import OfficeDatabase, Store
from agent.store.opening import anchor_boot, open_store
from agent.wire.line import read_line
from tests.patience import PATIENCE
from tests.small_office import small_store

REPO = Path(__file__).parents[2]
OPEN = """
import sys
from pathlib import Path
from agent.clock import SystemClock
from agent.store.opening import open_store

print("ready", flush=True)
sys.stdin.readline()
store = open_store(Path(sys.argv[1]), SystemClock())
print(len(store.rows("SELECT 1 FROM schema_migration")), store.boot, flush=True)
store.close()
"""


def opened_at_once(home: Path, count: int = 4) -> list[list[str]]:
    """What so many processes say of one database that they open in the same moment."""
    processes = [
        subprocess.Popen([sys.executable, "-c", OPEN, str(home)], cwd=REPO, stdin=-1, stdout=-1, stderr=-1, text=True)
        for _ in range(count)
    ]
    for process in processes:
        process.stdout.readline()
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    return [[line.strip() for line in process.communicate(timeout=PATIENCE)] for process in processes]


def boots(store) -> list[tuple]:
    return store.rows("SELECT number, boot_id FROM boot ORDER BY number")


def test_after_an_update_each_step_is_done_once_however_many_start(tmp_path, clock):
    store = small_store(tmp_path, clock)
    steps = store.rows("SELECT name FROM schema_migration ORDER BY name")
    with store.write():
        store.run("DROP TABLE listing")
        store.run("DROP TABLE notice")
        store.run("DELETE FROM schema_migration WHERE name LIKE '0004%'")
    store.close()
    answers = opened_at_once(tmp_path)

    assert answers == [[f"{len(steps)} 2", ""]] * 4


OFFICE_OF_BEFORE = (
    """INSERT INTO roster VALUES (3, 'S', 'dtks', '', x'0102', 7, 'ready', 9, 1, '[{"row":4,"why":"nik"}]', 0, 2)""",
    """INSERT INTO roster VALUES (4, 'x', 'dtks', '', x'03', 0, 'refused', 0, 0, '[{"row":0,"why":"file"}]', 0, 2)""",
    "INSERT INTO roster_person VALUES (3, 5, '')",
    "INSERT INTO vote_age VALUES (1, '2024-11-27', 1)",
)


def test_an_update_takes_the_keys_of_rosters_out_of_the_database(tmp_path, clock):
    (tmp_path / "data").mkdir()
    store = Store(OfficeDatabase(str(tmp_path / "data/rekam.db")), clock, tmp_path)
    with store.speaking_through_the_writer():
        for step in ("0001_first_tables", "0012_office_work", "0013b_rosters"):
            import_module(f"agent.store.migrations.{step}").up(None, store.database)
        for statement in OFFICE_OF_BEFORE:
            store.database.execute_sql(statement)
        store.database.execute_sql("PRAGMA foreign_keys = 1")
        with store.database.atomic():
            for step in ("0019_rosters_and_votes", "0019b_refused_rows"):
                import_module(f"agent.store.migrations.{step}").up(None, store.database)

    assert store.rows("SELECT r.number, digest FROM roster r JOIN roster_person p ON p.roster = r.number") == [(3, 5)]
    assert store.rows("SELECT roster, row, why FROM roster_refused") == [(3, 4, "nik")]
    assert store.rows("SELECT why FROM roster") == [("",), ("file",)]
    assert store.rows("SELECT reference FROM vote_age") == [("2024-11-27.17",)]
    assert roster_keys.find(tmp_path, 3) == b"\x01\x02"


def test_processes_that_start_after_a_reboot_count_it_once(tmp_path, clock):
    small_store(tmp_path, clock).close()
    answers = opened_at_once(tmp_path)
    store = small_store(tmp_path, clock)
    found = boots(store)
    store.close()

    assert {told.split()[1] for told, _ in answers} == {"2"}
    assert len(found) == 2


def test_a_boot_is_numbered_once_and_a_reboot_anew(tmp_path, clock):
    numbers = []
    for boot in ("first", "first", "second"):
        clock.boot = boot
        store = small_store(tmp_path, clock)
        numbers.append(store.boot)
        store.close()

    assert numbers == [1, 1, 2]


def test_lines_carry_the_number_of_their_boot(tmp_path, clock):
    for boot in ("first", "second"):
        clock.reboot(boot)
        store = small_store(tmp_path, clock)
        anchor_boot(store)
        anchor_boot(store)
        lines = [read_line(body) for (body,) in store.rows("SELECT body FROM line ORDER BY n")]
        store.close()

    anchored = [(line.k, line.b, line.m) for line in lines]
    assert anchored == [("clock.anchored", 1, 20_000), ("clock.anchored", 2, 20_000)]


def test_a_first_database_needs_a_key(tmp_path, clock):
    (tmp_path / "data").mkdir()

    with pytest.raises(StoreError) as caught:
        open_store(tmp_path, clock)
    assert caught.value.code == "no-database"
    assert list((tmp_path / "data").iterdir()) == []


def test_an_empty_file_is_a_database_without_a_ledger(tmp_path, clock):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/rekam.db").touch()

    with pytest.raises(StoreError) as caught:
        open_store(tmp_path, clock)
    assert caught.value.code == "no-ledger"


def test_a_database_opened_twice_in_one_process_is_read_and_written_by_both(tmp_path, clock):
    one, two = small_store(tmp_path, clock), small_store(tmp_path, clock)
    for store in (one, two, one):
        with store.write():
            ledger.set_fact(store, "last", str(id(store)))

    assert ledger.facts(two, "last") == {"last": str(id(one))}
    one.close()
    two.close()
