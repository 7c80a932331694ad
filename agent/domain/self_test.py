"""When a device was last used, and whether it is asked to prove itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

# What a finished visit shows to have worked: a recording uses the whole set, a card that is handed over its printer.
USED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "recorded": ("camera", "fingerprint", "iris", "signature"),
    "handed_over": ("card-printer",),
}
LONGEST: Final = 366


def outcomes_of(device: str) -> tuple[str, ...]:
    """The outcomes that show a device to have worked."""
    return tuple(outcome for outcome, devices in USED_BY.items() if device in devices)


def unused_days(used: date, today: date, is_working_day: Callable[[date], bool]) -> int:
    """Working days after the last use and before today, at most 366; none where the clock says that it lies ahead."""
    between = range(1, min(LONGEST, max(0, (today - used).days)))
    return sum(is_working_day(used + timedelta(days=days)) for days in between)
