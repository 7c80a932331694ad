"""Whether the citizen's browser still asks for its page, as it does by itself when nobody touches it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agent.kiosk_pulse import Pulse
from agent.store.database import Store

STAYED_MS: Final = 600_000  # who looked in for a moment is no citizen's screen


def read(store: Store, pulse: Pulse | None) -> Mapping[str, float]:
    """browser_silent_s; no reading where no browser ever stayed, for an office may do without."""
    now = store.clock.boot_ms()
    first, heard = (pulse.first, pulse.heard) if pulse is not None and pulse.boot == store.boot else (None, None)
    stayed = first is not None and heard is not None and heard - first >= STAYED_MS
    if not stayed and not store.rows("SELECT 1 FROM track WHERE probe = 'browser'"):
        return {}
    return {"browser_silent_s": max(0, now - (heard or 0)) / 1000}
