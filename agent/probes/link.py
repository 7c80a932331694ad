"""How the link to central is, and what real traffic measured: this probe sends nothing."""

from __future__ import annotations

from collections.abc import Mapping

from agent.actions import link
from agent.domain.health_rules import LINK_STATES
from agent.store import link_log
from agent.store.database import Store


def read(store: Store) -> Mapping[str, float | str]:
    """central_reachable, 1 or 0; link_state, a place in LINK_STATES, after the first try; what traffic measured.

    link_round_trip_s, link_loss_percent and link_goodput_kbit are left out while nothing measures them.
    """
    now = link_log.current(store)
    if now is None:
        return {"central_reachable": 0.0}
    return {
        "central_reachable": float(now.state in ("good", "slow")),
        "link_state": float(LINK_STATES.index(now.state)),
        **link.readings(store),
        "said": now.evidence,
    }
