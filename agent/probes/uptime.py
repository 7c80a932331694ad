"""How long the machine has been up."""

from __future__ import annotations

from collections.abc import Mapping

from agent.clock import Clock


def read(clock: Clock) -> Mapping[str, float]:
    """uptime_s, suspend included."""
    return {"uptime_s": clock.boot_ms() / 1000}
