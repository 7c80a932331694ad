"""The derived tables `visit` and `queue_day`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_
from typing import Any

import msgspec
from peewee import Database

from central.store.models import QueueDay
from central.store.models import Visit as VisitModel
from central.store.rows import chunks, upsert
from central.visits import DayLabel, Visit

Key = tuple[str, int]


def _among(model: Any, number: Any, keys: Collection[Key]) -> Any:
    """The condition that a row is one of the keys."""
    by_ledger: dict[str, list[int]] = {}
    for ledger, n in keys:
        by_ledger.setdefault(ledger, []).append(n)
    return reduce(or_, [(model.ledger == ledger) & number.in_(numbers) for ledger, numbers in by_ledger.items()])


def load(database: Database, keys: Iterable[Key]) -> dict[Key, Visit]:
    """The visits of these keys; those that have no row yet are new and empty."""
    found = {key: Visit(*key) for key in keys}
    for part in chunks(sorted(found)):
        query = VisitModel.select().where(_among(VisitModel, VisitModel.n, part))
        found.update({(row[0], row[1]): _visit(row) for row in query.tuples().execute(database)})
    return found


def _visit(row: tuple[Any, ...]) -> Visit:
    visit = Visit(*row)
    visit.corrected = bool(visit.corrected)
    return visit


def save(database: Database, visits: Iterable[Visit]) -> None:
    """Write the visits."""
    upsert(database, VisitModel, [msgspec.structs.astuple(visit) for visit in visits])


def label_days(database: Database, labels: Collection[DayLabel]) -> None:
    """Write the labels that stand later than those already there."""
    newest: dict[Key, DayLabel] = {}
    for label in sorted(labels, key=lambda each: each.rank):
        newest[label.ledger, label.day] = label
    for part in chunks(sorted(newest)):
        query = QueueDay.select(QueueDay.ledger, QueueDay.day, QueueDay.rank).where(
            _among(QueueDay, QueueDay.day, part)
        )
        there = {(ledger, day): rank for ledger, day, rank in query.tuples().execute(database)}
        later = [newest[key] for key in part if newest[key].rank >= there.get(key, -1)]
        upsert(database, QueueDay, [msgspec.structs.astuple(label) for label in later])
