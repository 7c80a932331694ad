"""Where each stream stands: the row that is locked while a batch is taken in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from peewee import Database

from agent.wire.batch import Seen
from agent.wire.line import chain_start
from central import spans
from central.judge import Stream as Judged
from central.store.models import Lost, Run, Stream
from central.store.rows import StreamKey, insert, of


class Standing(msgspec.Struct, frozen=True):
    """All that is kept of a stream beside its lines; `said` is the JSON of what its last receipt said."""

    stream: Judged
    said: bytes = b""
    claimed: int = 0
    lines: int = 0
    refused_total: int = 0
    lost_total: int = 0


def unknown(key: StreamKey) -> Standing:
    """A stream of which nothing has arrived."""
    return Standing(Judged(0, chain_start(*key)))


def find(database: Database, key: StreamKey, *, lock: bool = False) -> Standing | None:
    """Where the stream stands, locked until the transaction ends if asked; None if nothing is known of it."""
    query = Stream.select().where(of(Stream, key))
    row = (query.for_update() if lock and database.for_update else query).tuples().first(database)
    return _standing(database, key, row) if row else None


def locked(database: Database, key: StreamKey) -> Standing:
    """The same, locked; a stream that nothing is known of gets its row now."""
    found = find(database, key, lock=True)
    if found is None:
        insert(database, Stream, [_row(key, unknown(key))], fresh=False)
        found = find(database, key, lock=True)
    return found or unknown(key)


def _standing(database: Database, key: StreamKey, row: Sequence[Any]) -> Standing:
    _, _, held, chain, epoch, seq, said, claimed, lines, refused_total, lost_total = row
    runs = Run.select(Run.first, Run.last, Run.before, Run.chain).where(of(Run, key)).order_by(Run.first)
    lost = Lost.select(Lost.first, Lost.last, Lost.chain).where(of(Lost, key)).order_by(Lost.first)
    stream = Judged(
        held,
        bytes(chain),
        runs=tuple(spans.Run(*each) for each in runs.tuples().execute(database)),
        lost=tuple(spans.Lost(*each) for each in lost.tuples().execute(database)) if lost_total else (),
        pair=Seen(epoch, seq),
    )
    return Standing(stream, bytes(said), claimed, lines, refused_total, lost_total)


def save(database: Database, key: StreamKey, before: Standing, after: Standing) -> None:
    """Write what has changed from `before` to `after`."""
    row = dict(zip(Stream._meta.sorted_field_names, _row(key, after), strict=True))
    Stream.update(**row).where(of(Stream, key)).execute(database)
    _save_ranges(database, key, Run, before.stream.runs, after.stream.runs)
    _save_ranges(database, key, Lost, before.stream.lost, after.stream.lost)


def _save_ranges(database: Database, key: StreamKey, model: Any, before: Sequence[Any], after: Sequence[Any]) -> None:
    gone = [each.first for each in before if each not in after]
    if gone:
        model.delete().where(of(model, key) & model.first.in_(gone)).execute(database)
    insert(database, model, [(*key, *msgspec.structs.astuple(each)) for each in after if each not in before])


def _row(key: StreamKey, standing: Standing) -> tuple[Any, ...]:
    stream = standing.stream
    pair = (stream.pair.epoch, stream.pair.seq)
    totals = (standing.claimed, standing.lines, standing.refused_total, standing.lost_total)
    return (*key, stream.held, stream.chain, *pair, standing.said, *totals)
