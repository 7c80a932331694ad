"""Copies of the database, and putting one back: whole or not at all, and never while somebody writes."""

from __future__ import annotations

import shutil
import stat
import threading
from pathlib import Path

import apsw
import pytest

from agent.errors import BadData, Conflict, DiskFull
from agent.store import backup
from agent.wire import jose
from tests.fakes import DAY, wall
from tests.small_office import kiosk_key, sealing_office, small_office, small_store, take

NIK = "6402055708990003"
KIOSK = kiosk_key().thumbprint()


def rows(file: Path, query: str) -> list[tuple]:
    connection = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
    found = connection.execute(query).fetchall()
    connection.close()
    return found


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_copy_holds_every_row_and_stands_by_itself(store, office):
    for number in range(5):
        take(store, office, f"request {number}")
    copy = backup.back_up(store, keep=3)

    assert rows(copy, "SELECT count(*) FROM visit") == [(5,)]
    assert names(copy.parent) == [copy.name]


def test_a_copy_holds_nobodys_data(store, tmp_path):
    office, _ = sealing_office(tmp_path)
    take(store, office, "one", nik=NIK)
    (sealed,) = store.rows("SELECT sealed FROM subject")[0]
    copy = backup.back_up(store, keep=3)

    assert rows(copy, "SELECT * FROM subject") == []
    assert sealed.encode() not in copy.read_bytes()


def test_a_copy_can_be_read_by_its_group_only(store):
    assert stat.S_IMODE(backup.back_up(store, keep=1).stat().st_mode) == 0o640


def test_the_oldest_copies_go(store, clock):
    for _ in range(5):
        newest = backup.back_up(store, keep=2)
        clock.forward(DAY)

    assert [name[:12] for name in names(newest.parent)] == ["rekam-000004", "rekam-000005"]


@pytest.mark.parametrize("wrong", ["1970-01-01T00:00", "2099-01-01T00:00"])
def test_a_wrong_clock_neither_deletes_the_newest_copy_nor_keeps_an_old_one_for_ever(store, clock, wrong):
    for at in ("2026-11-23T08:00", wrong, "2026-11-24T08:00", "2026-11-25T08:00"):
        clock.step_to(wall(at))
        newest = backup.back_up(store, keep=2)
        assert newest.exists()

    assert [name[:12] for name in names(newest.parent)] == ["rekam-000003", "rekam-000004"]


def test_two_copies_of_the_same_second_are_two(store):
    first, second = backup.back_up(store, keep=5), backup.back_up(store, keep=5)

    assert first != second
    assert first.exists()


def test_a_copy_is_made_though_tickets_are_taken_all_the_time(store, office):
    done = threading.Event()
    taken = []

    def work() -> None:
        while not done.is_set() and len(taken) < 500:
            taken.append(take(store, office, f"request {len(taken)}"))

    worker = threading.Thread(target=work)
    worker.start()
    copies = [backup.back_up(store, keep=9) for _ in range(5)]
    done.set()
    worker.join()

    assert all(rows(copy, "PRAGMA integrity_check") == [("ok",)] for copy in copies)
    assert all(
        rows(copy, "SELECT count(*) - (SELECT count(*) FROM line WHERE n > 1) FROM visit") == [(0,)] for copy in copies
    )


def test_a_disk_without_room_leaves_no_half_copy(store, monkeypatch):
    def full(source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise apsw.FullError("database or disk is full")

    monkeypatch.setattr(backup, "copy_database", full)

    with pytest.raises(DiskFull):
        backup.back_up(store, keep=3)
    assert names(store.home / backup.BACKUPS) == []


def test_a_damaged_database_gives_no_copy(store, office):
    take(store, office, "one")
    store.close()
    file = store.home / "data/rekam.db"
    content = bytearray(file.read_bytes())
    content[8192:20480] = b"\x55" * 12288
    file.write_bytes(content)

    with pytest.raises((BadData, apsw.CorruptError)):
        backup.back_up(store, keep=3)
    assert names(store.home / backup.BACKUPS) == []


@pytest.fixture
def copy(store, office, tmp_path):
    """A copy with one visit, outside the office; the office has two by now, and is closed."""
    take(store, office, "one")
    made = backup.back_up(store, keep=1)
    take(store, office, "two")
    store.close()
    return Path(shutil.copy(made, tmp_path / "stick.db"))


def asides(home: Path) -> list[str]:
    return [name for name in names(home / "data") if "aside" in name]


def test_a_restore_puts_the_copy_in_place_and_sets_the_database_aside(store, copy):
    backup.restore(store.home, copy, KIOSK)

    assert rows(store.home / "data/rekam.db", "SELECT count(*) FROM visit") == [(1,)]
    assert asides(store.home) == ["rekam.db.aside-1"]
    assert rows(store.home / "data/rekam.db.aside-1", "SELECT count(*) FROM visit") == [(2,)]


def test_what_was_only_in_the_log_is_set_aside_with_it(tmp_path, clock, copy):
    busy = small_store(tmp_path, clock)
    take(busy, small_office(tmp_path), "three")
    for ending in ("", "-wal"):
        shutil.copy(tmp_path / f"data/rekam.db{ending}", tmp_path / f"killed{ending}")
    busy.close()
    for ending in ("", "-wal"):
        shutil.copy(tmp_path / f"killed{ending}", tmp_path / f"data/rekam.db{ending}")
    backup.restore(tmp_path, copy, KIOSK)

    assert rows(tmp_path / "data/rekam.db.aside-1", "SELECT count(*) FROM visit") == [(3,)]
    assert not (tmp_path / "data/rekam.db-wal").exists()


def test_a_restore_does_not_use_up_its_copy(store, copy):
    before = copy.read_bytes()
    backup.restore(store.home, copy, KIOSK)

    assert copy.read_bytes() == before


def test_every_database_that_was_set_aside_is_kept(store, copy):
    for _ in range(3):
        backup.restore(store.home, copy, KIOSK)

    assert asides(store.home) == [f"rekam.db.aside-{number}" for number in (1, 2, 3)]


def test_both_programs_may_write_what_was_restored(store, copy):
    copy.chmod(0o400)
    backup.restore(store.home, copy, KIOSK)

    assert stat.S_IMODE((store.home / "data/rekam.db").stat().st_mode) == 0o660


def test_a_restore_where_the_database_is_gone_is_a_restore(store, copy):
    (store.home / "data/rekam.db").unlink()
    backup.restore(store.home, copy, KIOSK)

    assert rows(store.home / "data/rekam.db", "SELECT count(*) FROM visit") == [(1,)]


def test_a_restore_over_a_damaged_database_sets_it_aside(store, copy):
    (store.home / "data/rekam.db").write_bytes(b"no database at all" * 1000)
    backup.restore(store.home, copy, KIOSK)

    assert rows(store.home / "data/rekam.db", "SELECT count(*) FROM visit") == [(1,)]
    assert (store.home / "data/rekam.db.aside-1").read_bytes().startswith(b"no database")


def test_while_a_program_has_the_database_open_nothing_is_restored(tmp_path, clock, copy, monkeypatch):
    monkeypatch.setattr(backup, "IN_USE_MS", 50)
    running = small_store(tmp_path, clock)

    with pytest.raises(Conflict) as caught:
        backup.restore(tmp_path, copy, KIOSK)

    take(running, small_office(tmp_path), "three")
    assert caught.value.code == "in-use"
    assert running.rows("SELECT count(*) FROM visit") == [(3,)]
    assert asides(tmp_path) == []
    running.close()


def test_a_backup_of_another_kiosk_changes_nothing(store, copy):
    with pytest.raises(BadData) as caught:
        backup.restore(store.home, copy, jose.new_key().thumbprint())

    assert caught.value.code == "foreign-backup"
    assert rows(store.home / "data/rekam.db", "SELECT count(*) FROM visit") == [(2,)]


def test_a_copy_that_cannot_be_copied_changes_nothing(store, copy, monkeypatch):
    def full(source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)

    with pytest.raises(DiskFull):
        backup.restore(store.home, copy, KIOSK)
    assert rows(store.home / "data/rekam.db", "SELECT count(*) FROM visit") == [(2,)]
    assert not (store.home / "data/rekam.db.new").exists()


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"x" * 9000])
def test_a_file_that_is_no_backup_changes_nothing(store, copy, content):
    copy.write_bytes(content)

    with pytest.raises(BadData) as caught:
        backup.restore(store.home, copy, KIOSK)
    assert (caught.value.code, caught.value.file) == ("damaged", str(copy))


def test_a_database_of_another_program_is_no_backup(store, copy):
    copy.unlink()
    apsw.Connection(str(copy)).execute("CREATE TABLE ledger (number, name)")

    with pytest.raises(BadData, match="no ledger"):
        backup.restore(store.home, copy, KIOSK)
