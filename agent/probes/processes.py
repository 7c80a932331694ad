"""What Rekam's own two programs take of this machine, each by its own word: neither may look into the other."""

from __future__ import annotations

from collections.abc import Mapping

from agent.kiosk_pulse import Pulse
from agent.own_cost import own_cost
from agent.store.database import Store


def read(store: Store, pulse: Pulse | None) -> Mapping[str, float]:
    """agent_ and kiosk_ rss_bytes, uss_bytes and fds; of the kiosk as it told them last in this boot."""
    told = pulse.cost if pulse is not None and pulse.boot == store.boot else {}
    own = {f"agent_{name}": value for name, value in own_cost().items()}
    return {**own, **{f"kiosk_{name}": value for name, value in told.items()}}
