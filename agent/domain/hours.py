"""Whether the office serves people now, and when it does next; all times are the office's own."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal

import msgspec

from agent.settings import HoursSettings

FURTHEST_DAYS: Final = 60  # no holiday is longer; without a working day until then nothing is promised
MINUTE: Final = timedelta(minutes=1)

Phase = Literal["open", "before", "break", "after", "day-off"]


class Standing(msgspec.Struct, frozen=True):
    """How the office stands: `until` is when that ends: closing, a break, or the next time people are served."""

    phase: Phase
    until: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether people are served."""
        return self.phase == "open"


def standing(now: datetime, hours: HoursSettings) -> Standing:
    """How the office stands at local time `now`."""
    if not hours.is_working_day(now.date()):
        return Standing("day-off", next_opening(now, hours))
    if is_served(now.time(), hours):
        return Standing("open", end_of_service(now, hours))
    if now.time() < hours.open:
        return Standing("before", next_opening(now, hours))
    back = next_opening(now, hours)
    return Standing("break" if back and back.date() == now.date() else "after", back)


def is_served(at: time, hours: HoursSettings) -> bool:
    """Whether people are served at a time of a working day."""
    return hours.open <= at < hours.close and not any(pause.contains(at) for pause in hours.breaks)


def end_of_service(now: datetime, hours: HoursSettings) -> datetime:
    """When an open office stops serving: the next break or closing."""
    ends = [hours.close, *(pause.start for pause in hours.breaks)]
    return at(now, now.date(), min(end for end in ends if end > now.time()))


def next_opening(now: datetime, hours: HoursSettings) -> datetime | None:
    """The next time after `now` at which service begins; None when the settings know none within 60 days."""
    for ahead in range(FURTHEST_DAYS + 1):
        day = now.date() + timedelta(days=ahead)
        begins = sorted({hours.open, *(pause.end for pause in hours.breaks)})
        later = [begin for begin in begins if (ahead or begin > now.time()) and is_served(begin, hours)]
        if later and hours.is_working_day(day):
            return at(now, day, later[0])
    return None


def next_working_day(after: date, hours: HoursSettings) -> date | None:
    """The first working day later than a date."""
    days = (after + timedelta(days=ahead) for ahead in range(1, FURTHEST_DAYS + 1))
    return next((day for day in days if hours.is_working_day(day)), None)


def at(now: datetime, day: date, clock: time) -> datetime:
    """A time of a day in the zone of `now`."""
    return datetime.combine(day, clock, tzinfo=now.tzinfo)


def minutes_left(now: datetime, hours: HoursSettings) -> int:
    """Minutes of service from `now` to closing, breaks left out."""
    if not hours.is_working_day(now.date()):
        return 0
    start = now.replace(second=0, microsecond=0)
    return sum(is_served((start + n * MINUTE).time(), hours) for n in range(24 * 60 - start.hour * 60 - start.minute))


def minutes_a_day(hours: HoursSettings) -> int:
    """Minutes of service on a working day, breaks left out."""
    return sum(is_served(time(n // 60, n % 60), hours) for n in range(24 * 60))


def with_breaks(now: datetime, minutes: int, hours: HoursSettings) -> int | None:
    """Minutes by the clock until `minutes` of service have passed; None when the day ends before."""
    if not hours.is_working_day(now.date()):
        return None
    start, left = minute_of(now.time()), minutes
    for begins, ends in stretches(hours):
        turn = max(begins, start) + left
        if turn < ends:
            return turn - start
        left = min(left, turn - ends)
    return None


def to_closing(now: datetime, hours: HoursSettings) -> int:
    """Minutes by the clock until the office closes; 0 once it has."""
    return max(0, minute_of(hours.close) - minute_of(now.time()))


def minute_of(clock: time) -> int:
    """The minute of a day."""
    return clock.hour * 60 + clock.minute


@lru_cache(maxsize=8)
def stretches(hours: HoursSettings) -> tuple[tuple[int, int], ...]:
    """From and to of each stretch of service on a working day, in minutes of the day; `to` is outside."""
    served = [is_served(time(n // 60, n % 60), hours) for n in range(24 * 60)]
    edges = [n for n in range(24 * 60) if served[n] != (n > 0 and served[n - 1])]
    edges.append(24 * 60)  # the end of a stretch that lasts until midnight, else nothing's beginning
    return tuple(zip(edges[::2], edges[1::2], strict=False))
