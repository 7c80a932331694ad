"""How long the machine has been up, and how often it died."""

from __future__ import annotations

from collections.abc import Mapping

from agent.actions import boots
from agent.store.database import Store


def read(store: Store) -> Mapping[str, float]:
    """uptime_s, suspend included; unclean_shutdowns_week."""
    return {
        "uptime_s": store.clock.boot_ms() / 1000,
        "unclean_shutdowns_week": float(boots.unclean_this_week(store)),
    }
