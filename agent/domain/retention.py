"""Which receipted lines are old enough to be pruned, though clocks lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agent.clock import DAY_MS

FURTHEST_MS: Final = 31 * DAY_MS


def believed_now(wall_ms: int, central_ms: int) -> int:
    """The wall clock, but at most 31 days after central's newest receipt: 2099 prunes nothing."""
    return min(wall_ms, central_ms + FURTHEST_MS)


def prunable(times: Sequence[int], *, now_ms: int, keep_ms: int, build_ms: int, later_ms: int) -> int:
    """How many of the oldest lines, given their wall clocks in order, are older than `keep_ms`.

    A time before the build or after now is a broken clock: such a line counts as young as the
    next line with a true one; `later_ms` is that of the lines after these. A line is never older
    than one before it.
    """
    ages: list[int] = []
    later = later_ms
    for time in reversed(times):
        later = time if build_ms <= time <= now_ms else later
        ages.append(later)
    newest = 0
    for count, time in enumerate(reversed(ages)):
        newest = max(newest, time)
        if newest > now_ms - keep_ms:
            return count
    return len(times)
