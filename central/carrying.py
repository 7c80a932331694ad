"""Finds the place of carried lines: under the identity they had, or under their new one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from agent.wire.kinds import Carried
from central.faults import Entry
from central.lineage import Reach
from central.placing import Holder, Place, place
from central.store import carried, frames, ledgers, streams
from central.store.carried import CarriedLine
from central.store.database import Database
from central.store.rows import StreamKey


class Upset(Exception):
    """What was filed before has to be filed again; caught in filing.py."""


def digest_of(line: bytes) -> bytes:
    """SHA-256 of a line: equal digests, equal bytes."""
    return hashlib.sha256(line).digest()


def place_carried(database: Database, key: StreamKey, reach: Reach, entries: Sequence[Entry]) -> list[CarriedLine]:
    """File the carried lines among `entries`; raises Upset where an earlier filing has to give way."""
    groups: dict[StreamKey, list[tuple[int, Carried]]] = {}
    for entry in entries:
        if isinstance(entry.kind, Carried):
            groups.setdefault(StreamKey(entry.kind.ledger, entry.kind.stream), []).append((entry.n, entry.kind))
    rows = [row for old in sorted(groups) for row in _place_group(database, key, reach, old, groups[old])]
    carried.add(database, rows)
    return rows


def _place_group(
    database: Database, key: StreamKey, reach: Reach, old: StreamKey, lines: Sequence[tuple[int, Carried]]
) -> list[CarriedLine]:
    """The rows for lines that all come from one old stream, which is locked meanwhile."""
    streams.locked(database, old)
    numbers = {line.n for _, line in lines}
    originals = {n: digest_of(line) for n, line in frames.lines_at(database, old, numbers).items()}
    filed = [row for row in carried.quoting(database, old, numbers) if row.filed]
    ranks = ledgers.first_seen(database, {key.ledger, *(row.ledger for row in filed)})
    holders = {row.old_n: Holder(row.digest, (ranks[row.ledger], row.ledger, row.stream, row.n)) for row in filed}
    rows = []
    for n, line in lines:
        holder = Holder(digest_of(line.line.encode("utf-8")), (ranks[key.ledger], *key, n))
        found = place(holder, originals.get(line.n), holders.get(line.n), is_vouched=reach.covers(old.ledger))
        if found is Place.GIVES_WAY:
            raise Upset
        if found is Place.OLD:
            holders.setdefault(line.n, holder)
        rows.append(CarriedLine(*key, n, *old, line.n, holder.digest, found is Place.OLD))
    return rows
