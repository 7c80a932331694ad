"""What stands in for clocks, luck and central in tests."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000


def wall(text: str, zone: str = "Asia/Makassar") -> int:
    """ms UTC of a local time such as 2026-11-23T08:00."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


MORNING = wall("2026-11-23T08:00")  # a Monday after the build


class FakeClock:
    """A clock that stands until it is moved; with `tick_ms` it goes on by that at each look at the boot clock."""

    def __init__(self, wall_ms: int = MORNING, boot: str = "first", boot_ms: int = 60_000) -> None:
        self.wall, self.boot, self.since_boot = wall_ms, boot, boot_ms
        self.tick_ms = 0

    def wall_ms(self) -> int:
        return self.wall

    def boot_ms(self) -> int:
        self.since_boot += self.tick_ms
        return self.since_boot

    def boot_id(self) -> str:
        return self.boot

    def forward(self, ms: int) -> None:
        """Time passes: both clocks go on."""
        self.wall += ms
        self.since_boot += ms

    def step_to(self, wall_ms: int) -> None:
        """Somebody, or a dead battery, sets the wall clock."""
        self.wall = wall_ms

    def reboot(self, boot: str, wall_ms: int | None = None) -> None:
        """The machine starts again; the wall clock may come back wrong."""
        self.boot, self.since_boot = boot, 20_000
        self.wall = self.wall if wall_ms is None else wall_ms
