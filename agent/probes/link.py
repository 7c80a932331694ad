"""What real traffic with central measured: this probe sends nothing."""

from __future__ import annotations

from collections.abc import Mapping

from agent.actions import link
from agent.store.database import Store


def read(store: Store) -> Mapping[str, float]:
    """link_round_trip_s, link_loss_percent and link_goodput_kbit; fewer while nothing measures them."""
    return link.readings(store)
