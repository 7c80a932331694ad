"""What the pages and monitors ask of the store; reads only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from peewee import JOIN, Database, TextField, fn

from agent.wire.batch import Status
from central.store.models import Carried, Kiosk, Ledger, QueueDay, Stream, Visit

CANDIDATES = 4  # as many dates are looked at: clocks that lie have days without visits in the future
COUNTED = (Visit.office, Visit.service, fn.COUNT(Visit.n), fn.COUNT(Visit.outcome))
STATES = ("pending", "approved", "suspended", "revoked")


class KioskRow(msgspec.Struct, frozen=True):
    """One kiosk and its streams summed up; `status` is that of its newest ledger."""

    thumbprint: str
    office: str
    state: str
    software: str
    last_seen: int
    held: int = 0
    backlog: int = 0
    refused: int = 0
    lost: int = 0
    status: Status | None = None


class VisitCount(msgspec.Struct, frozen=True):
    """How many visits of a service a day had, and how many of them ended."""

    date: str
    office: str
    service: str
    taken: int
    finished: int


def states(database: Database) -> dict[str, int]:
    """How many kiosks are in each state."""
    query = Kiosk.select(Kiosk.state, fn.COUNT(Kiosk.thumbprint)).group_by(Kiosk.state)
    return dict.fromkeys(STATES, 0) | dict(query.tuples().execute(database))


def kiosks(database: Database, only: str = "") -> Iterator[KioskRow]:
    """Kiosks by office, with the sums of their streams: all, or the one of that thumbprint."""
    sums = _sums(database, only)
    newest = _newest(database, only)
    query = _of(Kiosk.select(), Kiosk.thumbprint, only).order_by(Kiosk.office, Kiosk.thumbprint)
    for kiosk in query.execute(database):
        held, backlog, refused, lost = sums.get(kiosk.thumbprint, (0, 0, 0, 0))
        status = newest.get(kiosk.thumbprint)
        said = sum(status.backlog.values()) if status else backlog
        yield KioskRow(
            kiosk.thumbprint, kiosk.office, kiosk.state, kiosk.software, kiosk.last_seen,
            held=held, backlog=said, refused=refused, lost=lost, status=status,
        )  # fmt: skip


def _of(query: Any, thumbprint: TextField, only: str) -> Any:
    return query.where(thumbprint == only) if only else query


def _sums(database: Database, only: str) -> dict[str, tuple[int, ...]]:
    behind = fn.SUM(Stream.claimed - Stream.held)
    columns = (fn.SUM(Stream.lines), behind, fn.SUM(Stream.refused_total), fn.SUM(Stream.lost_total))
    query = Ledger.select(Ledger.kiosk, *columns).join(Stream, JOIN.INNER, on=(Stream.ledger == Ledger.ledger))
    rows = _of(query, Ledger.kiosk, only).group_by(Ledger.kiosk).tuples().execute(database)
    return {thumbprint: tuple(max(0, int(each or 0)) for each in rest) for thumbprint, *rest in rows}


def _newest(database: Database, only: str) -> dict[str, Status]:
    """Kiosk → the status in its newest ledger: the one that no other of its ledgers goes on from."""
    rows: list[Any] = list(
        _of(Ledger.select(), Ledger.kiosk, only).order_by(Ledger.first_seen, Ledger.ledger).execute(database)
    )
    parents = {parent for (parent,) in Ledger.select(Ledger.parent).tuples().execute(database)}
    newest = {row.kiosk: row for row in rows if row.ledger not in parents}
    return {kiosk: msgspec.json.decode(row.status, type=Status) for kiosk, row in newest.items() if row.status}


def carried(database: Database) -> dict[str, int]:
    """How many carried lines count under their old identity, and how many under a new one."""
    query = Carried.select(Carried.filed, fn.COUNT(Carried.n)).group_by(Carried.filed)
    counts = {bool(filed): count for filed, count in query.tuples().execute(database)}
    return {"old": counts.get(True, 0), "new": counts.get(False, 0)}


def visits_by_day(database: Database, days: int) -> list[VisitCount]:
    """Visits by day, office and service, of the newest days that had any; the newest first."""
    newest = newest_dates(database, days * CANDIDATES)
    on = (QueueDay.ledger == Visit.ledger) & (QueueDay.day == Visit.day)
    labelled = QueueDay.select(QueueDay.date, *COUNTED).join(Visit, JOIN.INNER, on=on).where(QueueDay.date.in_(newest))
    plain = Visit.select(Visit.date, *COUNTED).join(QueueDay, JOIN.LEFT_OUTER, on=on)
    plain = plain.where(Visit.date.in_(newest) & QueueDay.ledger.is_null())
    counts: dict[tuple[str, str, str], list[int]] = {}
    for query, date in ((labelled, QueueDay.date), (plain, Visit.date)):
        grouped = query.where(Visit.taken.is_null(False)).group_by(date, Visit.office, Visit.service)
        for day, office, service, taken, finished in grouped.tuples().execute(database):
            sums = counts.setdefault((day, office, service), [0, 0])
            sums[0], sums[1] = sums[0] + taken, sums[1] + finished
    kept = sorted({day for day, _, _ in counts}, reverse=True)[:days]
    rows = [VisitCount(*key, *sums) for key, sums in sorted(counts.items()) if key[0] in kept]
    return sorted(rows, key=lambda row: row.date, reverse=True)


def newest_dates(database: Database, most: int) -> list[str]:
    """The newest dates of queue days, and of visits; each found by its index."""
    found: set[str] = set()
    for model in (QueueDay, Visit):
        query = model.select(model.date).where(model.date.is_null(False)).distinct().order_by(model.date.desc())
        found |= {date for (date,) in query.limit(most).tuples().execute(database)}
    return sorted(found)
