"""The derived table `carried`: where lines of earlier ledgers count."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
from peewee import Database

from central.store.models import Carried
from central.store.rows import StreamKey, chunks, of, upsert


class CarriedLine(msgspec.Struct, frozen=True):
    """A row of `carried`: line `n` of a ledger quotes line `old_n` of an older one."""

    ledger: str
    stream: str
    n: int
    old_ledger: str
    old_stream: str
    old_n: int
    digest: bytes
    filed: bool

    @property
    def old_key(self) -> StreamKey:
        """The stream that the quoted line comes from."""
        return StreamKey(self.old_ledger, self.old_stream)

    @property
    def counts_as(self) -> tuple[StreamKey, int]:
        """The identity under which the quoted line counts."""
        return (self.old_key, self.old_n) if self.filed else (StreamKey(self.ledger, self.stream), self.n)


def _rows(query: Any, database: Database) -> list[CarriedLine]:
    rows = query.tuples().execute(database)
    return [CarriedLine(*row) for row in ((*ids, bytes(digest), bool(filed)) for *ids, digest, filed in rows)]


def quoting(database: Database, old: StreamKey, numbers: Collection[int]) -> list[CarriedLine]:
    """The carried lines that quote one of these lines of an old stream."""
    found: list[CarriedLine] = []
    where = (Carried.old_ledger == old.ledger) & (Carried.old_stream == old.stream)
    for part in chunks(sorted(numbers)):
        low, high = part[0], part[-1]
        query = Carried.select().where(where & (Carried.old_n >= low) & (Carried.old_n <= high))
        found += [row for row in _rows(query, database) if row.old_n in set(part)]
    return found


def is_quoted(database: Database, ledger: str) -> bool:
    """Whether any carried line comes from this ledger."""
    return bool(Carried.select().where(Carried.old_ledger == ledger).limit(1).count(database))


def add(database: Database, rows: Sequence[CarriedLine]) -> None:
    """Write rows; one that is there already is written again, as it is the same or comes from a rebuild."""
    upsert(database, Carried, [msgspec.structs.astuple(row) for row in rows])


def of_ledgers(database: Database, ledgers: Sequence[str]) -> list[CarriedLine]:
    """Every carried line in these ledgers."""
    return _rows(Carried.select().where(Carried.ledger.in_(ledgers)), database)


def at(database: Database, key: StreamKey, numbers: Iterable[int]) -> dict[int, CarriedLine]:
    """Number → row of the lines of a stream that are carried ones."""
    found: dict[int, CarriedLine] = {}
    for part in chunks(numbers):
        query = Carried.select().where(of(Carried, key) & Carried.n.in_(part))
        found.update((row.n, row) for row in _rows(query, database))
    return found
