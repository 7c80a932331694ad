"""Copies of the database on the same disk, without anybody's data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import apsw

from agent.clock import utc
from agent.errors import BadData
from agent.store.database import Store

BACKUPS: Final = "data/backups"
PERSONAL: Final = ("subject",)  # rosters join them when they exist
PAGES_AT_ONCE: Final = 256  # 1 MB: a ticket never waits for a backup


def back_up(store: Store, keep: int) -> Path:
    """Write a checked copy of the database and delete the oldest beyond `keep`; the copy's path."""
    folder = store.home / BACKUPS
    folder.mkdir(mode=0o770, exist_ok=True)
    copy = folder / f"rekam-{utc(store.clock.wall_ms()):%Y%m%d-%H%M%S}.db"
    fresh = copy.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    copy_pages(store.database.database, fresh)
    fresh.replace(copy)
    for old in sorted(folder.glob("rekam-*.db"), key=lambda file: file.stat().st_mtime)[:-keep]:
        old.unlink()
    return copy


def copy_pages(source: str, target: Path) -> None:
    """Copy a live database page by page, then take out what is personal; raises BadData if it is damaged."""
    origin = apsw.Connection(source)
    origin.set_busy_timeout(10_000)
    copy = apsw.Connection(str(target))
    try:
        with copy.backup("main", origin, "main") as backup:
            while not backup.done:
                backup.step(PAGES_AT_ONCE)
        copy.execute("PRAGMA journal_mode = delete")
        copy.execute("PRAGMA secure_delete = 1")
        for table in PERSONAL:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608 — one of PERSONAL
        copy.execute("INSERT INTO fact (name, value) VALUES ('restored', '1') ON CONFLICT DO NOTHING")
        copy.execute("VACUUM")
        check(copy, str(target))
    finally:
        copy.close()
        origin.close()
    handle = os.open(target, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def check(connection: apsw.Connection, file: str) -> None:
    """Raises BadData `damaged` when SQLite finds a fault."""
    found = [row[0] for row in connection.execute("PRAGMA quick_check")]
    if found != ["ok"]:
        raise BadData("damaged", f"SQLite finds the copy damaged: {found[0]}", file=file)


def restore(home: Path, backup: Path) -> None:
    """Put a backup in the place of the database; the next start opens a new ledger.

    The database that was there is set aside, never deleted. Raises BadData when the backup is
    damaged or none. Agent and kiosk must be stopped.
    """
    try:
        connection = apsw.Connection(str(backup), flags=apsw.SQLITE_OPEN_READONLY)
        check(connection, str(backup))
        ledgers = list(connection.execute("SELECT name FROM ledger"))
        connection.close()
    except (apsw.NotADBError, apsw.CantOpenError, apsw.CorruptError, apsw.IOError, apsw.SQLError) as fault:
        raise BadData("damaged", f"this is not a backup of Rekam ({fault})", file=str(backup)) from fault
    if not ledgers:
        raise BadData("damaged", "the backup has no ledger", file=str(backup))
    set_aside(home)
    fresh = home / "data/rekam.db.new"
    fresh.write_bytes(backup.read_bytes())
    restored = apsw.Connection(str(fresh))
    restored.execute("INSERT INTO fact (name, value) VALUES ('restored', '1') ON CONFLICT DO NOTHING")
    restored.close()
    fresh.chmod(0o660)  # agent and kiosk write it both, whoever runs this
    fresh.replace(home / "data/rekam.db")


def set_aside(home: Path) -> Path | None:
    """Move the database and its log to a name of their own; that name, None where there was none."""
    file = home / "data/rekam.db"
    if not file.exists():
        return None
    number = 1
    while (aside := home / f"data/rekam.db.aside-{number}").exists():
        number += 1
    for ending in ("-wal", "-shm"):
        log = file.with_name(file.name + ending)
        if log.exists():
            log.replace(aside.with_name(aside.name + ending))
    file.replace(aside)
    return aside
