"""Open the office's database only to look: nothing is migrated, forked, mended, counted or made."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import apsw

from agent.clock import Clock
from agent.errors import Damaged, StoreError
from agent.store.database import DATABASE, OfficeDatabase, Store, check_sqlite
from agent.store.models import bind
from agent.store.opening import MARK, missing_steps

WAIT_S: Final = 2  # who looks does not wait as long as who writes
PRAGMAS: Final = {"cache_size": -1024}  # no journal_mode: setting it may write


def look(home: Path, clock: Clock) -> Store:
    """The office's database for reading; its `boot` is 0 where the agent has not started since this boot.

    Raises AffectedSqlite, Damaged, StoreError `no-database`, `no-access`, `database-busy` or `older-database`.
    """
    check_sqlite(apsw.sqlite_lib_version())
    file = home / DATABASE
    check_file(file, home / MARK)
    store = Store(OfficeDatabase(str(file), pragmas=PRAGMAS, timeout=WAIT_S), clock, home)
    check_tables(store, file)
    bind(store.database)
    known = store.rows("SELECT number FROM boot WHERE boot_id = ?", clock.boot_id())
    store.boot = known[0][0] if known else 0
    return store


def check_file(file: Path, mark: Path) -> None:
    """Raises StoreError `no-database` or `no-access`."""
    try:
        if file.exists():
            return
        gone = mark.exists()
    except PermissionError as fault:
        raise StoreError("no-access", "this user may not read it; call this as root", file=str(file)) from fault
    if gone:
        restore = "bring a backup back with `rekam restore`, or start the agent to go on without the old file"
        raise StoreError("no-database", f"the database is gone; {restore}", file=str(file))
    raise StoreError("no-database", "there is no database; run `rekam init`", file=str(file))


def check_tables(store: Store, file: Path) -> None:
    """Raises Damaged for a file without tables, StoreError `older-database` where a step of an update is missing."""
    if not store.rows("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migration'"):
        raise Damaged("damaged", "the database file is empty; restart the agent, which sets it aside", file=str(file))
    if missing_steps(store):
        raise StoreError(
            "older-database",
            "it is of an earlier release; restart the agent, which brings it up to date",
            file=str(file),
        )
