"""One round of readings: each probe is timed by nobody and trusted by nobody."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from agent.guard import guarded

Probe = Callable[[], Mapping[str, float]]
FURTHEST: Final = 1e15  # larger than any disk in bytes: a probe that says more is lying


def take_round(probes: Mapping[str, Probe]) -> dict[str, float]:
    """Reading name → value of every probe that gave a believable one; a failing probe gives none."""
    readings: dict[str, float] = {}
    for name, probe in probes.items():

        def read(probe: Probe = probe) -> None:
            readings.update(believable(probe()))

        guarded(f"probe {name}", read)
    return readings


def believable(found: Mapping[str, float]) -> dict[str, float]:
    """The readings that can be true: finite, not negative, not beyond all measure."""
    return {name: value for name, value in found.items() if math.isfinite(value) and 0 <= value <= FURTHEST}
