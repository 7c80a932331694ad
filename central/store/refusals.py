"""Held lines that central cannot use, and which of them the kiosk has been told of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from peewee import Database, fn

from agent.wire.batch import Seen
from agent.wire.receipt import MAX_REFUSED
from agent.wire.receipt import Refused as Listed
from central.store.models import Refused
from central.store.rows import StreamKey, chunks, insert, of


def add(database: Database, key: StreamKey, faults: Sequence[tuple[int, str]]) -> None:
    """Remember the numbers and codes of lines that have just arrived."""
    insert(database, Refused, [(*key, n, code, None, None) for n, code in faults])


def listing(database: Database, key: StreamKey, seen: Seen) -> list[Listed]:
    """At most 100 refusals, by number: first those that no receipt up to `seen` told, then the newest others."""
    untold = Refused.epoch.is_null() | (Refused.epoch > seen.epoch)
    untold |= (Refused.epoch == seen.epoch) & (Refused.seq > seen.seq)
    picked = _pick(database, key, untold, (Refused.n,), MAX_REFUSED)
    newest = (Refused.epoch.desc(), Refused.seq.desc(), Refused.n.desc())
    picked += _pick(database, key, ~untold, newest, MAX_REFUSED - len(picked))
    return sorted((Listed(n, code) for n, code in picked), key=lambda each: each.n)


def _pick(database: Database, key: StreamKey, where: Any, order: Sequence[Any], most: int) -> list[tuple[int, str]]:
    query = Refused.select(Refused.n, Refused.code).where(of(Refused, key) & where).order_by(*order).limit(most)
    return list(query.tuples().execute(database))


def told(database: Database, key: StreamKey, listed: Sequence[Listed], pair: Seen) -> None:
    """Remember that the receipt of `pair` is the first to tell these, unless an earlier one did."""
    for part in chunks(listed):
        where = of(Refused, key) & Refused.n.in_([each.n for each in part]) & Refused.epoch.is_null()
        Refused.update(epoch=pair.epoch, seq=pair.seq).where(where).execute(database)


def counts(database: Database, key: StreamKey) -> dict[str, int]:
    """Code → how many lines of a stream are refused for it."""
    query = Refused.select(Refused.code, fn.COUNT(Refused.n)).where(of(Refused, key)).group_by(Refused.code)
    return dict(query.order_by(Refused.code).tuples().execute(database))


def numbers(database: Database, key: StreamKey, most: int) -> list[int]:
    """The newest refused numbers of a stream."""
    query = Refused.select(Refused.n).where(of(Refused, key)).order_by(Refused.n.desc()).limit(most)
    return [n for (n,) in query.tuples().execute(database)]


def streams(database: Database) -> list[StreamKey]:
    """The streams that have refused lines."""
    query = Refused.select(Refused.ledger, Refused.stream).distinct().order_by(Refused.ledger, Refused.stream)
    return [StreamKey(*row) for row in query.tuples().execute(database)]


def above(database: Database, key: StreamKey, n: int, most: int) -> list[int]:
    """The next refused numbers of a stream above `n`, in order."""
    query = Refused.select(Refused.n).where(of(Refused, key) & (Refused.n > n)).order_by(Refused.n).limit(most)
    return [number for (number,) in query.tuples().execute(database)]


def change(database: Database, key: StreamKey, fresh: Mapping[int, str]) -> None:
    """Give refused lines other codes; the kiosk is told of them anew."""
    for n, code in fresh.items():
        where = of(Refused, key) & (Refused.n == n)
        Refused.update(code=code, epoch=None, seq=None).where(where).execute(database)


def forget(database: Database, key: StreamKey, numbers: Sequence[int]) -> None:
    """These lines are refused no more."""
    for part in chunks(numbers):
        Refused.delete().where(of(Refused, key) & Refused.n.in_(part)).execute(database)


def codes(database: Database, key: StreamKey, numbers: Sequence[int]) -> dict[int, str]:
    """Number → code of those of the numbers that are refused."""
    found: dict[int, str] = {}
    for part in chunks(numbers):
        query = Refused.select(Refused.n, Refused.code).where(of(Refused, key) & Refused.n.in_(part))
        found.update(query.tuples().execute(database))
    return found
