"""Sealed personal data, apart from the evidence: kept under the identity its line counts by, erasable."""

from __future__ import annotations

from collections.abc import Iterable

from peewee import Database

from central.labels import label
from central.store.models import Subject
from central.store.rows import StreamKey, insert, of


def add(database: Database, rows: Iterable[tuple[str, str, int, str, str, str, int]]) -> None:
    """Keep subjects (ledger, stream, n, info, kid, sealed, arrived); one that is there stays as it is."""
    insert(database, Subject, [(*row[:4], label(row[4]), *row[5:]) for row in rows], fresh=False)


def move(database: Database, origin: tuple[StreamKey, int], target: tuple[StreamKey, int]) -> None:
    """Put a subject under another identity, because its line counts there now."""
    (old, old_n), (new, new_n) = origin, target
    if Subject.select().where(of(Subject, new) & (Subject.n == new_n)).count(database):
        return
    where = of(Subject, old) & (Subject.n == old_n)
    Subject.update(ledger=new.ledger, stream=new.stream, n=new_n).where(where).execute(database)
