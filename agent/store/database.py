"""One SQLite file, one writing connection per process, held reading connections per thread.

Outside `Store.write()` every thread reads on a connection of its own that refuses to write;
inside, the thread holds the process's one writing connection and an outermost BEGIN IMMEDIATE.
So no write happens outside a transaction, and no thread can roll back another one's rows.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import apsw
from peewee import DatabaseError
from playhouse.apsw_ext import APSWDatabase

from agent.clock import Clock
from agent.errors import AffectedSqlite, Damaged, DiskFull, StoreError
from agent.store import ballast

DATABASE: Final = "data/rekam.db"
OLDEST_SAFE_SQLITE: Final = (3, 51, 3)  # before it two writers can corrupt a write-ahead log
BUSY_TIMEOUT_S: Final = 10
SIDE_FILES_BYTES: Final = 64 * 1024
PRAGMAS: Final = {
    "journal_mode": "wal",
    "synchronous": "full",  # a person is answered only after the power could go
    "foreign_keys": 1,
    "secure_delete": 1,  # deleted subjects leave no bytes behind
    "journal_size_limit": 8 * 1024 * 1024,
    "cache_size": -1024,
}
# A dozen threads read, each with a connection: what one keeps is kept twelve times, and the kernel has the pages too.
READERS_CACHE_KB: Final = 256
STATEMENTS_KEPT: Final = 24


def check_sqlite(version: str) -> None:
    """Raises AffectedSqlite for a library with the WAL-reset fault."""
    if tuple(int(part) for part in version.split(".")) < OLDEST_SAFE_SQLITE:
        raise AffectedSqlite(
            "affected-sqlite",
            f"SQLite {version} can damage a database that two programs write; install apsw with SQLite 3.51.3 or newer",
        )


class OfficeDatabase(APSWDatabase):  # type: ignore[misc]  # playhouse.apsw_ext has no types
    """A peewee database whose threads read, unless they are inside `Store.write()`."""

    def __init__(self, file: str, **settings: Any) -> None:
        super().__init__(file, statementcachesize=STATEMENTS_KEPT, **settings)

    def _connect(self) -> Any:
        return self.open_connection(read_only=True)

    def open_connection(self, *, read_only: bool) -> Any:
        """A new connection to the file, with every pragma set."""
        try:
            connection = super()._connect()
        except (apsw.CorruptError, apsw.NotADBError) as fault:  # peewee does not translate what its own pragmas meet
            raise Damaged(
                "damaged",
                f"this is no sound database ({fault}); restart the agent, which sets it aside",
                file=self.database,
            ) from fault
        except apsw.Error as fault:
            raise told(fault, self.database) from fault
        connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)  # else most statements are planned anew for each value
        connection.convert_binding = lambda _cursor, _number, value: str(value)  # the date in the migrations' own table
        if read_only:
            connection.execute("PRAGMA query_only = 1")
            connection.execute(f"PRAGMA cache_size = -{READERS_CACHE_KB}")
        return connection


class Store:
    """The office's database: read with the models, write inside `write()`."""

    def __init__(self, database: OfficeDatabase, clock: Clock, home: Path) -> None:
        self.database = database
        self.clock = clock
        self.home = home
        self.boot = 0
        self.after_commit: Callable[[], None] = lambda: None
        self.after_close: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._writing_thread = 0
        self._writer: Any = None
        self._inode = 0

    @contextmanager
    def write(self) -> Iterator[None]:
        """One transaction on the writing connection; committed at the end, or nothing happened.

        Raises DiskFull when the disk has no room, Damaged, or StoreError, also `nested-write`.
        """
        with self._alone(), self.speaking_through_the_writer():
            try:
                with self.database.atomic("IMMEDIATE"):
                    if self.was_replaced():  # asked inside the lock: the other process renames under it
                        raise StoreError("replaced", "the database was replaced; start this program again")
                    yield
            except (DatabaseError, DiskFull) as fault:
                error = fault if isinstance(fault, DiskFull) else told(fault, self.database.database)
                if isinstance(error, DiskFull):
                    ballast.release(self.home)
                raise error from fault
            self.after_commit()

    def was_replaced(self) -> bool:
        """Whether another process set this file aside as damaged: then this program must start anew."""
        return self._writer is not None and inode(self.database.database) != self._inode

    @contextmanager
    def speaking_through_the_writer(self) -> Iterator[None]:
        """This thread uses the writing connection meanwhile; for `write()` and for migrations."""
        if self._writer is None:
            self._writer = self.database.open_connection(read_only=False)
            self._inode = inode(self.database.database)
        state = self.database._state  # noqa: SLF001 — peewee keeps a thread's connection here and gives no other way in
        reading = None if state.closed else state.conn
        state.set_connection(self._writer)
        try:
            yield
        finally:
            state.reset()
            if reading is not None:
                state.set_connection(reading)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query on this thread's connection; raises StoreError, also Damaged."""
        try:
            return self.database.connection().execute(sql, values).fetchall()  # type: ignore[no-any-return]
        except apsw.Error as fault:
            raise told(fault, self.database.database) from fault

    def run(self, sql: str, *values: Any) -> None:
        """A statement of a transaction; refused by SQLite outside `write()`."""
        self.rows(sql, *values)

    def close(self) -> None:
        """Close this thread's reading connection, and the writing one after the write at hand."""
        self.database.close()
        with self._alone():
            if self._writer is not None:
                self._writer.close()
                self._writer = None
                self.after_close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other thread writes meanwhile; raises StoreError where this thread would wait for itself."""
        if self._writing_thread == threading.get_ident():
            raise StoreError("nested-write", "a transaction is open in this thread; write inside it, or after it")
        with self._lock:
            self._writing_thread = threading.get_ident()
            try:
                yield
            finally:
                self._writing_thread = 0


def inode(file: str) -> int:
    """Which file is behind a name; 0 for none."""
    try:
        return os.stat(file).st_ino  # noqa: PTH116 — asked in every transaction, and four times as fast
    except OSError:
        return 0


def has_room(folder: Path) -> bool:
    """Whether a disk has room for the side files without which SQLite cannot even read: it calls that an I/O error."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return True
    return found.f_bavail * found.f_frsize > SIDE_FILES_BYTES


def told(fault: apsw.Error | DatabaseError, file: str) -> StoreError:
    """The error that an operator can act on for one that SQLite gave, by itself or wrapped by peewee."""
    wrapped = fault.__cause__ or fault.__context__ or (fault.args[0] if fault.args else None)
    cause = fault if isinstance(fault, apsw.Error) else wrapped
    without_room = isinstance(cause, apsw.IOError) and not has_room(Path(file).parent)
    if isinstance(cause, apsw.FullError) or "full" in str(fault) or without_room:
        return DiskFull("disk-full", "the disk is full and nothing was recorded; free some space", file=file)
    if isinstance(cause, apsw.CorruptError | apsw.NotADBError):
        return Damaged("damaged", "the database file is damaged; restart the agent, which sets it aside", file=file)
    if isinstance(cause, apsw.BusyError | apsw.LockedError):
        return StoreError("database-busy", "another program holds the database; end it, or try again", file=file)
    if isinstance(cause, apsw.CantOpenError | apsw.ReadOnlyError | apsw.PermissionsError):
        return StoreError("no-access", f"not open to this user ({fault}); call this as root", file=file)
    return StoreError("database", f"the database refused the change ({fault}); try again", file=file)
