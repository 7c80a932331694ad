"""How hot the machine is."""

from __future__ import annotations

from collections.abc import Mapping


def read() -> Mapping[str, float]:
    """temperature_c of the hottest sensor; no reading on a machine without any."""
    import psutil

    found = [sensor.current for sensors in psutil.sensors_temperatures().values() for sensor in sensors]
    return {"temperature_c": max(found)} if found else {}
