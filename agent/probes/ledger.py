"""What central does not hold yet."""

from __future__ import annotations

from collections.abc import Mapping

from agent.store import ledger
from agent.store.database import Store


def read(store: Store) -> Mapping[str, float]:
    """unsent_lines of both streams, oldest_unsent_s."""
    states = ledger.states(store)
    since = [state.oldest_unsent_t for state in states if state.oldest_unsent_t is not None]
    oldest = max(0, store.clock.wall_ms() - min(since)) / 1000 if since else 0.0
    return {"unsent_lines": sum(state.last - state.held for state in states), "oldest_unsent_s": oldest}
