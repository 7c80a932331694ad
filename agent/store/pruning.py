"""Old lines that central holds are emptied; their chains stay, and nothing else is ever touched."""

from __future__ import annotations

from typing import Final

from agent.clock import DAY_MS
from agent.domain import retention
from agent.store import ledger
from agent.store.database import Store
from agent.store.receipts import CENTRAL_TIME
from agent.version import BUILD_MS

ROWS_AT_ONCE: Final = 1000


def prune_some(store: Store, keep_days: int) -> int:
    """Empty up to a thousand lines of each stream that are receipted and older; how many."""
    central = ledger.facts(store, CENTRAL_TIME).get(CENTRAL_TIME)
    if central is None:
        return 0
    now = retention.believed_now(store.clock.wall_ms(), int(central))
    return sum(prune_stream(store, stream, until, now, keep_days) for stream, until in receipted(store))


def receipted(store: Store) -> list[tuple[int, int]]:
    """Each stream row and the number up to which central holds its lines.

    A line of an earlier ledger above the last common one counts as held once its carried copy is,
    and every line before it.
    """
    held = dict(store.rows("SELECT number, held FROM stream ORDER BY number"))
    unfinished: set[int] = set()
    # A target is younger than its source, so what became of the target is known before its source is judged.
    for source, target, following, last, carried_to in store.rows(
        "SELECT source, target, next, last, carried_to FROM carry ORDER BY source DESC, number"
    ):
        if source not in unfinished and following > last and held[target] >= carried_to:
            held[source] = max(held[source], last)
        else:
            unfinished.add(source)
    return list(held.items())


def prune_stream(store: Store, stream: int, until: int, now_ms: int, keep_days: int) -> int:
    """Empty the oldest lines of one stream row; how many."""
    newest = ledger.newest(store, stream)
    if newest is None:
        return 0
    first = ledger.floor(store, stream, newest[0])
    until = min(until, first + ROWS_AT_ONCE - 1)
    rows = store.rows("SELECT t FROM line WHERE stream = ? AND n BETWEEN ? AND ? ORDER BY n", stream, first, until)
    times = [t for (t,) in rows]
    later = next_true_time(store, stream, until, now_ms)
    keep_ms = keep_days * DAY_MS
    count = retention.prunable(times, now_ms=now_ms, keep_ms=keep_ms, build_ms=BUILD_MS, later_ms=later)
    if count:
        with store.write():
            last = first + count - 1
            store.run("UPDATE line SET body = NULL WHERE stream = ? AND n BETWEEN ? AND ?", stream, first, last)
    return count


def next_true_time(store: Store, stream: int, after: int, now_ms: int) -> int:
    """The first believable time of a line above `after`; now where there is none."""
    found = store.rows(
        "SELECT t FROM line WHERE stream = ? AND n > ? AND t BETWEEN ? AND ? ORDER BY n LIMIT 1",
        stream, after, BUILD_MS, now_ms,
    )  # fmt: skip
    return int(found[0][0]) if found else now_ms
