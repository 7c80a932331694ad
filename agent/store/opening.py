"""Open the office's database: check, migrate, count the boot, notice a restored file."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import apsw

from agent.clock import Clock
from agent.errors import StoreError
from agent.store import forks, ledger
from agent.store.database import BUSY_TIMEOUT_S, PRAGMAS, OfficeDatabase, Store, check_sqlite
from agent.store.mark import Mark, MarkFile
from agent.store.models import bind
from agent.wire.kinds import ClockAnchored
from agent.wire.line import chain_start

DATABASE = "data/rekam.db"
MARK = "data/mark.json"


def open_store(
    home: Path,
    clock: Clock,
    *,
    thumbprint: str | None = None,
    random_bytes: forks.RandomBytes = os.urandom,
) -> Store:
    """The office's database under `home`, ready for use; forks first if it was restored.

    `thumbprint` is that of the kiosk's key and is needed only where there is no ledger yet.
    Raises AffectedSqlite, StoreError `no-database` or `no-ledger`.
    """
    check_sqlite(apsw.sqlite_lib_version())
    file = home / DATABASE
    if thumbprint is None and not file.exists():
        raise StoreError("no-database", "there is no database; run `rekam init`", file=str(file))
    mark_file = MarkFile(home / MARK)
    mark = mark_file.read()  # before the database: what commits in between may not look lost
    database = OfficeDatabase(str(file), pragmas=PRAGMAS, timeout=BUSY_TIMEOUT_S)
    store = Store(database, clock, home)
    migrate(store)
    bind(database)
    count_boot(store)
    if not store.rows("SELECT 1 FROM ledger"):
        if thumbprint is None:
            raise StoreError("no-ledger", "the database has no ledger; run `rekam init`", file=str(file))
        forks.first_ledger(store, thumbprint, random_bytes)
    fork_if_restored(store, mark, random_bytes)
    store.after_commit = lambda: leave_mark(store, mark_file)  # not before: it would hide what the old mark shows
    store.after_commit()
    return store


def migrate(store: Store) -> None:
    """Bring the tables up to date, each step in one transaction with its record."""
    from playhouse.migrations import Runner

    directory = str(Path(__file__).parent / "migrations")
    with store.speaking_through_the_writer():
        Runner(store.database, directory).up()


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
            last = ledger.tail(store, ledger.ENROLLMENTS).n
            lost = max(0, mark.streams.get(ledger.ENROLLMENTS, (0, ""))[0] - last) if mark else 0
            forks.fork(store, forks.RESTORED, random_bytes, skip=lost)
            store.run("DELETE FROM fact WHERE name = 'restored'")


WHERE_IT_STANDS = """
SELECT l.name, l.s, s.name,
    (SELECT n FROM line WHERE stream = s.number ORDER BY n DESC LIMIT 1),
    (SELECT chain FROM line WHERE stream = s.number ORDER BY n DESC LIMIT 1)
FROM stream s JOIN ledger l ON l.number = s.ledger
WHERE l.number = (SELECT max(number) FROM ledger)
"""


def leave_mark(store: Store, mark_file: MarkFile) -> None:
    """Write where the ledger stands beside the database, after a commit."""
    rows = store.rows(WHERE_IT_STANDS)
    streams = {name: (n or 0, ledger.text_chain(chain or chain_start(of, name))) for of, _, name, n, chain in rows}
    with suppress(OSError):  # the commit stands; a missing mark only delays noticing a restore
        mark_file.write(Mark(rows[0][0], rows[0][1], streams))
