"""Opens central's database, SQLite or PostgreSQL, and runs its transactions.

Connections come from a pool: a request holds one for its length, in a `session`. Writes are
outermost transactions: BEGIN IMMEDIATE behind one lock on SQLite, row locks on PostgreSQL.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

import apsw
from peewee import Database, DatabaseError, InterfaceError, PostgresqlDatabase
from playhouse.apsw_ext import APSWDatabase
from playhouse.pool import MaxConnectionsExceeded, PooledDatabase, PooledPostgresqlDatabase

from agent.errors import AffectedSqlite, DiskFull, StoreError

__all__ = ["Database", "Store", "check_sqlite", "open_store"]

OLDEST_SAFE_SQLITE: Final = (3, 51, 3)  # before it two writers can corrupt a write-ahead log
WAIT_S: Final = 10  # for a locked SQLite file, or for a connection of the pool
MIGRATING: Final = 7_235_601  # PostgreSQL's advisory lock while tables are made; any number nobody else uses
PRAGMAS: Final = {
    "journal_mode": "wal",
    "busy_timeout": WAIT_S * 1000,
    "synchronous": "full",  # a receipt is signed only when the power could go
    "secure_delete": 1,  # erased subjects leave no bytes behind
    "journal_size_limit": 64 * 1024 * 1024,
    "cache_size": -8192,
}


class PooledSqlite(PooledDatabase, APSWDatabase):  # type: ignore[misc]  # playhouse has no types
    """SQLite by apsw, with connections kept open between requests."""

    def _connect(self) -> Any:
        connection = super()._connect()
        connection.convert_binding = lambda _cursor, _number, value: str(value)  # the date in the migrations' own table
        return connection

    def _can_reuse(self, connection: Any) -> bool:
        return not connection.in_transaction


class Store:
    """Central's database: `session` for the length of a request, `write` for one transaction."""

    def __init__(self, database: Any, writing: threading.Lock | None) -> None:
        self.database = database
        self._writing = writing

    @contextmanager
    def session(self) -> Iterator[Database]:
        """One connection for this thread; raises StoreError for whatever the database has against it."""
        try:
            if self.database.is_closed():
                with self.database.connection_context():
                    yield self.database
            else:
                yield self.database
        except (DatabaseError, InterfaceError, MaxConnectionsExceeded) as fault:
            raise told(fault) from fault

    @contextmanager
    def write(self) -> Iterator[Database]:
        """One transaction: all of it is committed at the end, or nothing happened."""
        with self.session() as database, self._writing or nullcontext(), database.atomic(*self._begin):
            yield database

    @property
    def _begin(self) -> tuple[str, ...]:
        """SQLite must ask for its write lock at once: a transaction that reads first cannot wait for it later."""
        return ("IMMEDIATE",) if self._writing else ()

    def close(self) -> None:
        """Close every connection of the pool."""
        self.database.close_all()


def check_sqlite(version: str) -> None:
    """Raises AffectedSqlite for a library with the WAL-reset fault."""
    if tuple(int(part) for part in version.split(".")) < OLDEST_SAFE_SQLITE:
        raise AffectedSqlite(
            "affected-sqlite",
            f"SQLite {version} can damage a database that two programs write; install apsw with SQLite 3.51.3 or newer",
        )


def open_store(url: str, *, connections: int = 20) -> Store:
    """The database at `url`, its tables up to date; raises AffectedSqlite or StoreError."""
    scheme, _, path = url.partition("://")
    store = _sqlite(path.removeprefix("/"), connections) if scheme == "sqlite" else _postgres(path, connections)
    migrate(store)
    return store


def _sqlite(path: str, connections: int) -> Store:
    check_sqlite(apsw.sqlite_lib_version())
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    database = PooledSqlite(path, max_connections=connections, timeout=WAIT_S, pragmas=PRAGMAS)
    return Store(database, threading.Lock())


def _postgres(path: str, connections: int) -> Store:
    database = PooledPostgresqlDatabase(
        f"postgresql://{path}",
        max_connections=connections,
        timeout=WAIT_S,
        prefer_psycopg3=True,
        connect_timeout=WAIT_S,
        prepare_threshold=None,  # pgbouncer in transaction mode loses prepared statements
    )
    return Store(database, None)


def migrate(store: Store) -> None:
    """Bring the tables up to date in one transaction; processes that start together wait for each other."""
    from playhouse.migrations import Runner

    with store.write() as database:
        if isinstance(database, PostgresqlDatabase):
            database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (MIGRATING,))  # type: ignore[no-untyped-call]
        Runner(database, str(Path(__file__).parent / "migrations")).up()


def told(fault: Exception) -> StoreError:
    """The error that an operator can act on for one that the database gave."""
    cause = fault.__cause__ or fault.__context__
    if isinstance(cause, apsw.FullError):
        return DiskFull("disk-full", "the disk is full and nothing was taken in; free some space")
    if isinstance(cause, apsw.CorruptError | apsw.NotADBError):
        return StoreError("damaged", "the database file is damaged; restore it from a backup")
    said = " ".join(str(fault).split())  # PostgreSQL's driver says it in several lines
    return StoreError("database", f"the database did not do it ({said}); see its log, then try again")
