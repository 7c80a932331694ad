"""The only file that reads clocks; everything else is given a `Clock`."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS


class Clock(Protocol):
    """What the product may know of time."""

    def wall_ms(self) -> int:
        """Wall clock in ms UTC; may jump in either direction at any time."""

    def boot_ms(self) -> int:
        """Ms since this boot, suspend included; never goes back within a boot."""

    def boot_id(self) -> str:
        """A text that changes at each boot."""


class SystemClock:
    """The machine's own clocks."""

    def wall_ms(self) -> int:
        """Wall clock in ms UTC."""
        return time.time_ns() // 1_000_000

    def boot_ms(self) -> int:
        """CLOCK_BOOTTIME in ms: `time.monotonic()` would stand still in suspend."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000

    def boot_id(self) -> str:
        """The kernel's random name for this boot."""
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def utc(wall_ms: int) -> datetime:
    """Aware UTC time of `wall_ms`; clocks from 1970 to 9999 are representable, others are clamped."""
    highest = 253_402_300_799_999
    return EPOCH + timedelta(milliseconds=min(max(wall_ms, 0), highest))


def local(wall_ms: int, zone: str) -> datetime:
    """Aware local time of `wall_ms` in `zone`, an IANA name such as Asia/Makassar."""
    return utc(wall_ms).astimezone(ZoneInfo(zone))
