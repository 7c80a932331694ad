"""Keeps sealed subjects beside the lines that are new; a refused line's is not kept."""

from __future__ import annotations

from collections.abc import Sequence

from agent.wire import subject
from agent.wire.batch import Sealed
from agent.wire.kinds import Carried
from central.faults import Entry
from central.store import carried, frames, subjects
from central.store.database import Database
from central.store.rows import StreamKey


def keep_subjects(
    database: Database, key: StreamKey, entries: Sequence[Entry], sealed: Sequence[Sealed], now: int
) -> None:
    """Keep each subject under the identity its line counts by, with the identity it was sealed for."""
    lines = {entry.n: entry for entry in entries if not entry.fault}
    beside = [each for each in sealed if each.n in lines]
    placed = carried.at(database, key, [each.n for each in beside]) if beside else {}
    for each in beside:
        quoted = lines[each.n].kind
        origin: tuple[StreamKey, int] = (key, each.n)
        if isinstance(quoted, Carried):
            origin = (StreamKey(quoted.ledger, quoted.stream), quoted.n)
        place = placed[each.n].counts_as if each.n in placed else (key, each.n)
        if place == (key, each.n) or is_first_word(database, place):
            info = subject.info(*origin[0], origin[1]).decode("ascii")
            subjects.add(database, [(*place[0], place[1], info, each.kid, each.sealed, now)])


def is_first_word(database: Database, place: tuple[StreamKey, int]) -> bool:
    """Whether nothing but one carried line counts here: what came before may have been erased since."""
    key, n = place
    filed = [row for row in carried.quoting(database, key, {n}) if row.filed]
    return len(filed) <= 1 and n not in frames.chains(database, key, n, n)
