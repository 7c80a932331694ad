"""A wait by the clock on the wall: breaks add their minutes, closing ends it.

Law: a break never shortens a wait.
"""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Final

from agent.domain.hours import to_closing, with_breaks
from agent.domain.wait_estimate import Estimate, NoEstimate
from agent.settings import HoursSettings

TOO_LATE: Final = NoEstimate("day-ends")
CLOSED: Final = NoEstimate("closed")


def by_the_clock(served: Estimate | NoEstimate, now: datetime, hours: HoursSettings) -> Estimate | NoEstimate:
    """An estimate in minutes of service as minutes from local time `now`.

    Where half of such waits end after closing there is none; where only the upper bound does, it is closing.
    That nobody is served any more today goes before every other reason.
    """
    if with_breaks(now, 0, hours) is None:
        return CLOSED
    if isinstance(served, NoEstimate):
        return served
    low, middle, high = (with_breaks(now, bound, hours) for bound in (served.low, ceil(served.middle), served.high))
    if low is None or middle is None:
        return TOO_LATE
    more = middle - ceil(served.middle)  # the breaks, and the time until opening
    if high is None:
        return Estimate(low, served.middle + more, to_closing(now, hours), is_tight=True)
    return Estimate(low, served.middle + more, high)
