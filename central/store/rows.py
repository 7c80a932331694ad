"""Small words for the queries of central's store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from peewee import Database

CHUNK = 500  # rows in one statement: 18 columns of them are 9,000 values, well below what both databases take


class StreamKey(NamedTuple):
    """Names a stream: the ledger and which of its two streams."""

    ledger: str
    stream: str


def of(model: Any, key: StreamKey) -> Any:
    """The condition that a row of `model` belongs to the stream."""
    return (model.ledger == key.ledger) & (model.stream == key.stream)


def chunks(rows: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """The rows in lists of at most `size`."""
    rest = iter(rows)
    while part := list(islice(rest, size)):
        yield part


def insert(database: Database, model: Any, rows: Sequence[tuple[Any, ...]], *, fresh: bool = True) -> None:
    """Insert rows of all columns, in their order; with `fresh=False` those whose key exists are left as they are."""
    fields = list(model._meta.sorted_fields)
    for part in chunks(rows):
        query = model.insert_many(part, fields=fields)
        (query if fresh else query.on_conflict_ignore()).execute(database)


def upsert(database: Database, model: Any, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows of all columns, or put them in the place of those with the same key."""
    fields = list(model._meta.sorted_fields)
    key = list(model._meta.get_primary_keys())
    names = {field.name for field in key}
    rest = [field for field in fields if field.name not in names]
    for part in chunks(rows):
        query = model.insert_many(part, fields=fields).on_conflict(conflict_target=key, preserve=rest)
        query.execute(database)
