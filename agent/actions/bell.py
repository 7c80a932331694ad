"""The help bell: a citizen rings at the kiosk, an officer answers at the counter.

It is no line of the stream: a call for help is over in minutes, says nothing of a visit, and central has no use for it.
"""

from __future__ import annotations

from typing import Final

from agent.store.database import Store

RINGS_MS: Final = 30 * 60_000  # whoever rang longer ago has gone, or was helped without the screen


def ring(store: Store) -> int:
    """Ring; since when it rings, ms UTC. Ringing again changes nothing."""
    with store.write():
        since = rung(store)
        if since is None:
            since = store.clock.wall_ms()
            store.run("INSERT OR REPLACE INTO bell (only, rung_t) VALUES (1, ?)", since)
    return since


def rung(store: Store) -> int | None:
    """Since when somebody waits for help, ms UTC; None when nobody does."""
    found = store.rows("SELECT rung_t FROM bell")
    return next((int(t) for (t,) in found if abs(store.clock.wall_ms() - t) < RINGS_MS), None)


def answer(store: Store) -> None:
    """An officer goes to help."""
    with store.write():
        store.run("DELETE FROM bell")
