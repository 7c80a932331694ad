"""Copies of the database on the same disk, without anybody's data."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import apsw

from agent.clock import utc
from agent.errors import BadData, Conflict, DiskFull
from agent.store import roster_keys
from agent.store.database import DATABASE, Store
from agent.wire.line import ledger_thumbprint

BACKUPS: Final = "data/backups"
ROSTERS: Final = ("roster_match", "roster_refused", "roster_person", "roster")
PERSONAL: Final = ("subject", *ROSTERS)
COPY: Final = re.compile(r"rekam-(\d+)-[0-9-]+\.db")
IN_USE_MS: Final = 2000  # a command of somebody else may be just closing the file
UNREADABLE: Final = (
    apsw.NotADBError, apsw.CantOpenError, apsw.CorruptError, apsw.IOError, apsw.SQLError, apsw.ReadOnlyError,
)  # fmt: skip


def back_up(store: Store, keep: int) -> Path:
    """Write a checked copy of the database and delete the oldest beyond `keep`; the copy's path.

    Raises DiskFull, or BadData `damaged` for a copy with a fault; then there is none.
    """
    folder = store.home / BACKUPS
    folder.mkdir(mode=0o770, exist_ok=True)
    before = copies(folder)
    number = number_of(before[-1]) + 1 if before else 1
    copy = folder / f"rekam-{number:06}-{utc(store.clock.wall_ms()):%Y%m%d-%H%M%S}.db"
    fresh = folder / "fresh.new"
    try:
        fresh.unlink(missing_ok=True)
        copy_database(Path(store.database.database), fresh)
        fresh.replace(copy)
    except apsw.FullError as fault:
        raise DiskFull("disk-full", "there is no room for a copy of the database", file=str(folder)) from fault
    finally:
        fresh.unlink(missing_ok=True)
    for old in copies(folder)[:-keep]:
        old.unlink()
    return copy


def copies(folder: Path) -> list[Path]:
    """The copies from the oldest to the newest, by their numbers: the dates are those of clocks that step."""
    return sorted((file for file in folder.glob("*") if COPY.fullmatch(file.name)), key=number_of)


def number_of(copy: Path) -> int:
    """The running number in a copy's name."""
    return int(copy.name.split("-")[1])


def copy_database(source: Path, target: Path) -> None:
    """Copy a live database as it stands at one moment, without what is personal; raises BadData if it is damaged.

    It reads from one snapshot: nobody's ticket waits for it, and no ticket makes it begin again.
    """
    origin, copy = apsw.Connection(str(source)), apsw.Connection(str(target))
    try:
        origin.execute("BEGIN")
        origin.execute("SELECT 1 FROM fact").fetchall()
        with copy.backup("main", origin, "main") as backup:
            backup.step()
        copy.execute("PRAGMA journal_mode = delete")
        empty(copy, PERSONAL)
        mark_restored(copy)
        check(copy, str(target))
    finally:
        copy.close()
        origin.close()
    target.chmod(0o640)
    sync(target)


def empty(connection: apsw.Connection, tables: Iterable[str]) -> None:
    """Delete all rows of some of our tables, and their bytes."""
    connection.execute("PRAGMA secure_delete = 1")
    for table in tables:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 — one of PERSONAL


def mark_restored(connection: apsw.Connection) -> None:
    """Whoever opens this file next opens a new ledger."""
    connection.execute("INSERT INTO fact (name, value) VALUES ('restored', '1') ON CONFLICT DO NOTHING")


def check(connection: apsw.Connection, file: str) -> None:
    """Raises BadData `damaged` when SQLite finds a fault."""
    found = [row[0] for row in connection.execute("PRAGMA quick_check")]
    if found != ["ok"]:
        raise BadData("damaged", f"SQLite finds the copy damaged: {found[0]}", file=file)


def sync(file: Path) -> None:
    """Have a file on the disk."""
    handle = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    os.fsync(handle)
    os.close(handle)


def restore(home: Path, backup: Path, kiosk: str) -> None:
    """Put a backup in the place of the database; the next start opens a new ledger.

    `kiosk` is the thumbprint of the key that signs here. The database that was there is set aside,
    never deleted. Raises BadData `damaged` or `foreign-backup`, Conflict `in-use`, DiskFull; then
    nothing was changed.
    """
    check_backup(backup, kiosk)
    fresh = home / f"{DATABASE}.new"
    try:
        shutil.copyfile(backup, fresh)
        restored = apsw.Connection(str(fresh))
        mark_restored(restored)
        restored.close()
        fresh.chmod(0o660)  # agent and kiosk write it both, whoever runs this
        sync(fresh)
        forget_rosters(home, put_in_place(home, fresh))
    except OSError as fault:
        raise DiskFull("not-written", f"{fault.strerror}; nothing was changed", file=str(fresh)) from fault
    finally:
        fresh.unlink(missing_ok=True)


def check_backup(backup: Path, kiosk: str) -> None:
    """Raises BadData for a file that is no sound backup of this kiosk."""
    try:
        connection = apsw.Connection(str(backup), flags=apsw.SQLITE_OPEN_READONLY)
        check(connection, str(backup))
        found = connection.execute("SELECT name FROM ledger ORDER BY number DESC LIMIT 1").fetchall()
        connection.close()
    except UNREADABLE as fault:
        raise BadData("damaged", f"this is not a backup of Rekam ({fault})", file=str(backup)) from fault
    if not found:
        raise BadData("damaged", "the backup has no ledger", file=str(backup))
    if ledger_thumbprint(str(found[0][0])) != kiosk:
        sentence = "the backup is of another kiosk, or of this one before it got a new key; nobody could sign for it"
        raise BadData("foreign-backup", sentence, file=str(backup))


def put_in_place(home: Path, fresh: Path) -> Path | None:
    """Set the database aside and have `fresh` in its place: at each moment there is one or the other.

    What the old one is called now; None where there was none.
    """
    file = home / DATABASE
    aside: Path | None
    if file.exists() and is_whole(file):
        aside = free_name(home)
        os.link(file, aside)
    else:
        aside = set_aside(home)
    fresh.replace(file)
    return aside


def forget_rosters(home: Path, aside: Path | None) -> None:
    """A copy has no rosters, so their keys go, and what was set aside shall tell of nobody who was expected.

    Sealed subjects stay in it: central may lack them, and only central can read them.
    """
    roster_keys.keep_only(home, ())
    if aside is not None:
        with suppress(*UNREADABLE), closing(apsw.Connection(str(aside))) as connection:
            empty(connection, ROSTERS)


def is_whole(file: Path) -> bool:
    """Bring the log into the file, so that it stands by itself; False where it is too damaged for that.

    Raises Conflict `in-use` while a program has it open: what that wrote later would be lost.
    """
    try:
        connection = apsw.Connection(str(file))
        connection.set_busy_timeout(IN_USE_MS)
        connection.execute("PRAGMA journal_mode = delete").fetchall()
        connection.close()
    except apsw.BusyError as fault:
        raise Conflict("in-use", "agent or kiosk have the database open; stop both first", file=str(file)) from fault
    except UNREADABLE:
        return False
    return not file.with_name(f"{file.name}-wal").exists()


def free_name(home: Path) -> Path:
    """A name for a database that is set aside."""
    number = 1
    while (aside := home / f"{DATABASE}.aside-{number}").exists():
        number += 1
    return aside


def set_aside(home: Path) -> Path | None:
    """Move the database and its log to a name of their own; that name, None where there was none."""
    file = home / DATABASE
    if not file.exists():
        return None
    aside = free_name(home)
    for ending in ("-wal", "-shm"):
        log = file.with_name(file.name + ending)
        if log.exists():
            log.replace(aside.with_name(aside.name + ending))
    file.replace(aside)
    return aside
