"""Whether central is reached, told by real traffic: this probe sends nothing."""

from __future__ import annotations

from collections.abc import Mapping

from agent.store.database import Store


def read(store: Store) -> Mapping[str, float]:
    """central_reachable, 1 or 0, by the link's last state."""
    found = store.rows("SELECT state FROM link_change ORDER BY number DESC LIMIT 1")
    return {"central_reachable": float(bool(found) and found[0][0] in ("good", "slow"))}
