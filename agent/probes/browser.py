"""Whether the citizen's browser still asks for its page, as it does by itself when nobody touches it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from agent.kiosk_pulse import Pulse
from agent.store.database import Store

SCREEN: Final = Path("/run/rekam-browser")  # there while the unit of the citizens' screen runs
STAYED_MS: Final = 600_000  # who looked in for a moment is no citizen's screen


def read(store: Store, pulse: Pulse | None, *, runs_here: bool) -> Mapping[str, float]:
    """browser_silent_s; no reading where no browser ever stayed and none `runs_here`, for an office may do without."""
    now = store.clock.boot_ms()
    first, heard = (pulse.first, pulse.heard) if pulse is not None and pulse.boot == store.boot else (None, None)
    stayed = first is not None and heard is not None and heard - first >= STAYED_MS
    if not stayed and not runs_here and not store.rows("SELECT 1 FROM track WHERE probe = 'browser'"):
        return {}
    return {"browser_silent_s": max(0, now - (heard or 0)) / 1000}
