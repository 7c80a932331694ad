"""How busy the processor is."""

from __future__ import annotations

from collections.abc import Mapping


def read() -> Mapping[str, float]:
    """cpu_percent since the last round, load1."""
    import psutil

    return {"cpu_percent": psutil.cpu_percent(interval=None), "load1": psutil.getloadavg()[0]}
