"""A wait by the clock: breaks and the time until opening are in it, closing ends it."""

from __future__ import annotations

from datetime import datetime, time
from math import inf
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.wait_estimate import Estimate, NoEstimate
from agent.domain.wait_hours import by_the_clock
from agent.settings import HoursSettings
from agent.settings_values import TimeWindow

WITA = ZoneInfo("Asia/Makassar")
LUNCH = TimeWindow(time(12), time(13))
HOURS = HoursSettings(breaks=(LUNCH,))  # 08:00 to 15:00, Monday to Friday
TOO_LATE = NoEstimate("day-ends")


def wita(text):
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=WITA)


@pytest.mark.parametrize(
    ("now", "bounds"),
    [
        ("23T09:00", (20, 40)),
        ("23T11:30", (20, 100)),  # the upper bound runs over lunch
        ("23T11:50", (80, 100)),
        ("23T12:15", (65, 85)),
        ("23T07:00", (80, 100)),  # before opening it begins with opening
    ],
)
def test_breaks_and_the_time_until_opening_add_their_minutes(now, bounds):
    told = by_the_clock(Estimate(20, 30.0, 40), wita(now), HOURS)

    assert (told.low, told.high, told.is_tight) == (*bounds, False)


def test_too_late_in_the_day_nothing_is_promised():
    assert by_the_clock(Estimate(10, 30.0, 40), wita("23T14:45"), HOURS) == TOO_LATE


@pytest.mark.parametrize("now", ["22T09:00", "23T15:00"])
def test_on_a_closed_sunday_and_after_closing_the_reason_is_that_it_is_closed(now):
    assert by_the_clock(Estimate(10, 30.0, 40), wita(now), HOURS) == NoEstimate("closed")


@pytest.mark.parametrize(
    ("now", "why"), [("23T09:00", "no-counter"), ("23T12:15", "no-counter"), ("23T15:00", "closed")]
)
def test_without_a_counter_that_is_the_reason_until_the_office_closes(now, why):
    assert by_the_clock(NoEstimate("no-counter"), wita(now), HOURS) == NoEstimate(why)


def test_an_upper_bound_after_closing_ends_at_closing_and_is_told():
    told = by_the_clock(Estimate(20, 30.0, 40), wita("23T14:25"), HOURS)

    assert (told.low, told.high, told.is_tight) == (20, 35, True)


def bounds(told):
    """All three, endless where the day ends before."""
    return (inf, inf, inf) if isinstance(told, NoEstimate) else (told.low, told.middle, told.high)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(WITA))  # noqa: DTZ001
minutes = st.lists(st.integers(0, 500), min_size=3, max_size=3).map(sorted)
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))
pauses = st.tuples(clocks, clocks).filter(lambda ends: ends[0] < ends[1]).map(lambda ends: TimeWindow(*ends))


@given(moments, minutes, st.lists(pauses, max_size=2), pauses)
def test_a_break_more_never_shortens_a_wait(now, wait, before, more):
    served, hours = Estimate(wait[0], float(wait[1]), wait[2]), HoursSettings(breaks=tuple(before))
    longer = msgspec.structs.replace(hours, breaks=(*before, more))

    with_it, without = (bounds(by_the_clock(served, now, each)) for each in (longer, hours))

    assert all(late >= early for late, early in zip(with_it, without, strict=True))


@given(moments, minutes)
def test_bounds_stay_in_their_order_and_are_no_shorter_than_the_service(now, wait):
    low, middle, high = bounds(by_the_clock(Estimate(wait[0], float(wait[1]), wait[2]), now, HOURS))

    assert wait[0] <= low <= middle <= high
    assert wait[1] <= middle
