"""Whether the citizen's browser still asks for its page, as it does by itself when nobody touches it."""

from __future__ import annotations

from collections.abc import Mapping

from agent.kiosk_pulse import Pulse
from agent.store.database import Store


def read(store: Store, pulse: Pulse | None) -> Mapping[str, float]:
    """browser_silent_s; no reading where no browser was ever heard, for an office may do without."""
    now = store.clock.boot_ms()
    if pulse is not None and pulse.boot == store.boot and pulse.heard is not None:
        return {"browser_silent_s": max(0, now - pulse.heard) / 1000}
    known = store.rows("SELECT 1 FROM track WHERE probe = 'browser'")
    return {"browser_silent_s": now / 1000} if known else {}
