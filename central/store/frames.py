"""The evidence: batches as received, and which of them holds which line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from peewee import Database, fn

from agent.domain.pieces import Piece, Pieces
from agent.wire.batch import Batch
from agent.wire.frames import split, unpack
from central.store.models import Frame, Span
from central.store.rows import StreamKey, insert, of

CHAIN = 32


class Found(msgspec.Struct, frozen=True):
    """Lines first…last of a stream and the frame that first brought them."""

    key: StreamKey
    first: int
    last: int
    frame: int


class Arrival(msgspec.Struct, frozen=True):
    """When, ms UTC, and by which carrier a batch came."""

    now: int
    carrier: str


def keep(
    database: Database, batch: Batch, after: Sequence[bytes], number: int, fresh: Pieces, arrival: Arrival
) -> None:
    """Keep a batch as frame `number` of its ledger; `after` has its chains, `fresh` the lines it is first to bring."""
    claims = batch.claims
    about = (arrival.now, batch.token, batch.frame, arrival.carrier)
    row = (claims.ledger, number, claims.stream, claims.first, *about)
    insert(database, Frame, [row])
    packed = {first: b"".join(after[first - claims.first : last + 1 - claims.first]) for first, last in fresh}
    spans = [(claims.ledger, claims.stream, first, last, number, packed[first]) for first, last in fresh]
    insert(database, Span, spans)


def _overlapping(database: Database, key: StreamKey, first: int, last: int, *columns: Any) -> Iterable[Any]:
    """Rows of `span` that have lines in first…last, in order; found by the primary key alone."""
    below = Span.select(fn.MAX(Span.first)).where(of(Span, key) & (Span.first <= first))
    start = below.scalar(database) or first
    where = of(Span, key) & (Span.first >= start) & (Span.first <= last) & (Span.last >= first)
    found: Iterable[Any] = Span.select(*columns).where(where).order_by(Span.first).tuples().execute(database)
    return found


def chains(database: Database, key: StreamKey, first: int, last: int) -> dict[int, bytes]:
    """Number → chain of the held lines in first…last."""
    known = {}
    for low, high, packed in _overlapping(database, key, first, last, Span.first, Span.last, Span.chains):
        for n in range(max(low, first), min(high, last) + 1):
            known[n] = bytes(packed[CHAIN * (n - low) : CHAIN * (n - low + 1)])
    return known


def lines_at(database: Database, key: StreamKey, numbers: Iterable[int]) -> dict[int, bytes]:
    """Number → bytes of those of the lines that are held; opens only frames that have one of them."""
    wanted = sorted(set(numbers))
    found: dict[int, bytes] = {}
    if not wanted:
        return found
    for low, high, frame in _overlapping(database, key, wanted[0], wanted[-1], Span.first, Span.last, Span.frame):
        here = [n for n in wanted if low <= n <= high]
        if here:
            first, lines = opened(database, key.ledger, frame)
            found.update((n, lines[n - first]) for n in here)
    return found


def has_above(database: Database, key: StreamKey, n: int) -> bool:
    """Whether a line above number `n` is held."""
    return bool(Span.select().where(of(Span, key) & (Span.first > n)).limit(1).count(database))


def opened(database: Database, ledger: str, number: int) -> tuple[int, list[bytes]]:
    """The number of a kept frame's first line, and its lines."""
    where = (Frame.ledger == ledger) & (Frame.number == number)
    row: Any = Frame.select(Frame.first, Frame.body).where(where).tuples().get(database)
    return row[0], split(unpack(bytes(row[1]), field="body"), field="body")


def spans_of(database: Database, key: StreamKey) -> Iterator[Found]:
    """Every span of a stream, in order; read in pages, so that a stream of any length may be walked."""
    above = 0
    while True:
        where = of(Span, key) & (Span.first > above)
        query = Span.select(Span.first, Span.last, Span.frame).where(where).order_by(Span.first).limit(100)
        page = [Found(key, *row) for row in query.tuples().execute(database)]
        yield from page
        if not page:
            return
        above = page[-1].first


def spans_between(database: Database, key: StreamKey, first: int, last: int) -> list[Found]:
    """The spans that have lines in first…last, in order, as whole as they are."""
    return [Found(key, *row) for row in _overlapping(database, key, first, last, Span.first, Span.last, Span.frame)]


def newest_spans(database: Database, key: StreamKey, most: int) -> list[Found]:
    """The newest spans of a stream, the newest first."""
    query = Span.select(Span.first, Span.last, Span.frame).where(of(Span, key)).order_by(Span.first.desc()).limit(most)
    return [Found(key, *row) for row in query.tuples().execute(database)]


def carriers(database: Database, key: StreamKey, *, above: int = 0) -> dict[str, list[Piece]]:
    """Carrier → the stretches above a number that it brought first."""
    on = (Frame.ledger == Span.ledger) & (Frame.number == Span.frame)
    query = (
        Span.select(Frame.carrier, Span.first, Span.last).join(Frame, on=on).where(of(Span, key) & (Span.last > above))
    )
    found: dict[str, list[Piece]] = {}
    for carrier, first, last in query.order_by(Span.first).tuples().execute(database):
        found.setdefault(carrier, []).append((first, last))
    return found


def lines_of(database: Database, found: Found) -> list[tuple[int, bytes]]:
    """The numbers and lines of a span."""
    first, lines = opened(database, found.key.ledger, found.frame)
    return [(n, lines[n - first]) for n in range(found.first, found.last + 1)]
