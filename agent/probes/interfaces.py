"""Whether any network interface is up, and what went through it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LOOPBACK: Final = "lo"


def read() -> Mapping[str, float]:
    """interfaces_up beside loopback, bytes_sent and bytes_received since boot."""
    import psutil

    up = [name for name, stats in psutil.net_if_stats().items() if stats.isup and name != LOOPBACK]
    counted = psutil.net_io_counters(pernic=True)
    return {
        "interfaces_up": len(up),
        "bytes_sent": sum(counted[name].bytes_sent for name in up if name in counted),
        "bytes_received": sum(counted[name].bytes_recv for name in up if name in counted),
    }
