"""Open the office's database: check, migrate, count the boot, notice a restored file."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import apsw
from peewee import DatabaseError

from agent.clock import Clock
from agent.errors import Damaged, StoreError
from agent.store import forks, ledger, rescue
from agent.store.database import BUSY_TIMEOUT_S, DATABASE, PRAGMAS, OfficeDatabase, Store, check_sqlite, told
from agent.store.mark import NO_NUMBERS, Mark, MarkFile, Numbers
from agent.store.models import bind
from agent.wire.kinds import ClockAnchored
from agent.wire.line import chain_start

MARK = "data/mark.json"
STEPS = Path(__file__).parent / "migrations"
SHARED = 0o660


def open_store(
    home: Path,
    clock: Clock,
    *,
    thumbprint: str | None = None,
    random_bytes: forks.RandomBytes = os.urandom,
    thorough: bool = False,
) -> Store:
    """The office's database under `home`, ready for use; forks first if it was restored or damaged.

    `thumbprint` is that of the kiosk's key and is needed only where there is no ledger yet.
    `thorough` lets SQLite read the whole file for faults. Raises AffectedSqlite, StoreError
    `no-database` or `no-ledger`.
    """
    check_sqlite(apsw.sqlite_lib_version())
    file = home / DATABASE
    mark_file = MarkFile(home / MARK)
    mark = mark_file.read()  # before the database: what commits in between may not look lost
    if thumbprint is None and mark is None and not file.exists():
        raise StoreError("no-database", "there is no database; run `rekam init`", file=str(file))
    store = sound_store(home, clock, mark, random_bytes, thorough=thorough)
    if not store.rows("SELECT 1 FROM ledger"):
        if thumbprint is None:
            raise StoreError("no-ledger", "the database has no ledger; run `rekam init`", file=str(file))
        forks.first_ledger(store, thumbprint, random_bytes)
    fork_if_restored(store, mark, random_bytes)
    store.after_commit = lambda: leave_mark(store, mark_file)  # not before: it would hide what the old mark shows
    store.after_close = mark_file.close
    store.after_commit()
    return store


def sound_store(
    home: Path, clock: Clock, mark: Mark | None, random_bytes: forks.RandomBytes, *, thorough: bool
) -> Store:
    """A store on the file, or on a new one that goes on from what can be read of a damaged file."""
    with suppress(Damaged):
        return connected(home, clock, mark, thorough=thorough)
    with rescue.alone(home):
        with suppress(Damaged):
            return connected(home, clock, mark, thorough=thorough)  # the other process was here first
        aside = rescue.move_damaged(home)
        store = migrated(home, clock)
        (home / DATABASE).chmod(SHARED)  # whoever found the damage: agent and kiosk write it both
        rescue.fill(store, aside)
        count_boot(store)
        rescue.go_on(store, mark, random_bytes)
        return store


def connected(home: Path, clock: Clock, mark: Mark | None, *, thorough: bool) -> Store:
    """A sound store that knows its boot; raises Damaged."""
    store = migrated(home, clock)
    lost_its_ledger = mark is not None and not store.rows("SELECT 1 FROM ledger")
    if lost_its_ledger or (thorough and not rescue.is_sound(store)):
        store.close()
        raise Damaged("damaged", "the file has a fault, or lost its ledger", file=str(home / DATABASE))
    count_boot(store)
    return store


def migrated(home: Path, clock: Clock) -> Store:
    """A store with all tables; raises Damaged where the file cannot be read."""
    file = str(home / DATABASE)
    store = Store(OfficeDatabase(file, pragmas=PRAGMAS, timeout=BUSY_TIMEOUT_S), clock, home)
    try:
        migrate(store)
    except DatabaseError as fault:
        store.close()
        raise told(fault, file) from fault
    bind(store.database)
    return store


def migrate(store: Store) -> None:
    """Bring the tables up to date, each step in one transaction with its record, one process at a time."""
    with store.speaking_through_the_writer():
        if not missing_steps(store):
            return
        from playhouse.migrations import Runner  # half a megabyte that a usual start does without

        runner = Runner(store.database, str(STEPS))
        with alone_in(store.home / Path(DATABASE).parent):
            runner.up()


def missing_steps(store: Store) -> set[str]:
    """The names of the steps that this file has not made; raises StoreError, also Damaged."""
    steps = {step.stem for step in STEPS.glob("[0-9]*.py")}
    if not store.rows("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migration'"):
        return steps
    return steps - {name for (name,) in store.rows("SELECT name FROM schema_migration")}


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """No other process is here meanwhile: after an update agent and kiosk start together."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def count_boot(store: Store) -> None:
    """Number this boot and say so by a line, once."""
    boot_id = store.clock.boot_id()
    known = store.rows("SELECT number FROM boot WHERE boot_id = ?", boot_id)
    if not known:
        with store.write():
            store.run("INSERT INTO boot (boot_id) VALUES (?) ON CONFLICT DO NOTHING", boot_id)
        known = store.rows("SELECT number FROM boot WHERE boot_id = ?", boot_id)
    store.boot = known[0][0]


def anchor_boot(store: Store) -> None:
    """The line that ties this boot's milliseconds to the wall clock, once a boot and ledger."""
    name = f"{store.boot}@{ledger.tail(store, ledger.ENROLLMENTS).ledger}"
    if ledger.facts(store, "anchored").get("anchored") != name:
        with store.write():
            ledger.set_fact(store, "anchored", name)
            ledger.append(store, ClockAnchored(store.clock.boot_id()))


def fork_if_restored(store: Store, mark: Mark | None, random_bytes: forks.RandomBytes) -> None:
    """A new ledger when the file is older than the mark beside it, or was put back by `rekam restore`.

    Judged inside the transaction: agent and kiosk may open a restored file at the same time.
    """
    with store.write():
        asked = "restored" in ledger.facts(store, "restored")
        if asked or forks.was_restored(store, mark):
            forks.fork(store, forks.RESTORED, random_bytes, on_paper=mark.numbers if mark else NO_NUMBERS)
            store.run("DELETE FROM fact WHERE name = 'restored'")


WHERE_IT_STANDS = """
SELECT l.name, l.s, s.name,
    (SELECT n FROM line WHERE stream = s.number ORDER BY n DESC LIMIT 1),
    (SELECT chain FROM line WHERE stream = s.number ORDER BY n DESC LIMIT 1),
    (SELECT max(number) FROM queue_day),
    (SELECT max(last) FROM series WHERE day = (SELECT max(number) FROM queue_day))
FROM stream s JOIN ledger l ON l.number = s.ledger
WHERE l.number = (SELECT max(number) FROM ledger)
"""


def leave_mark(store: Store, mark_file: MarkFile) -> None:
    """Write where the ledger stands beside the database, after a commit."""
    rows = store.rows(WHERE_IT_STANDS)
    of, s, _, _, _, day, place = rows[0]
    streams = {row[2]: (row[3] or 0, ledger.text_chain(row[4] or chain_start(of, row[2]))) for row in rows}
    with suppress(OSError):  # the commit stands; a missing mark only delays noticing a restore
        mark_file.write(Mark(of, s, streams, Numbers(day or 0, place or 0)))
