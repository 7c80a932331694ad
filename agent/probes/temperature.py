"""How hot the machine is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

HOTTEST: Final = 120.0  # no machine runs beyond it; a sensor that nothing is wired to says 127 or 255


def read() -> Mapping[str, float]:
    """temperature_c of the hottest sensor; no reading on a machine without any."""
    import psutil

    told = [sensor.current for sensors in psutil.sensors_temperatures().values() for sensor in sensors]
    found = [each for each in told if 0 < each < HOTTEST]
    return {"temperature_c": max(found)} if found else {}
