"""Who is next, and how long it may take."""

from __future__ import annotations

from math import ceil, floor
from typing import Final

SLOWER: Final = 1.5  # the upper bound: people of the articles took 4 to 10 minutes where 5 were planned
QUICKER: Final = 0.75


def wait_minutes(ahead: int, minutes_each: float, counters: int) -> tuple[int, int] | None:
    """Lower and upper bound of the wait in minutes; None while no counter is open."""
    if counters < 1:
        return None
    middle = ahead * minutes_each / counters
    return floor(middle * QUICKER), ceil(middle * SLOWER)
