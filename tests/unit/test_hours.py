"""When people are served: hours, breaks and holidays on the office's own clock."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.hours import minutes_left, next_opening, next_working_day, standing, with_breaks
from agent.settings import HoursSettings
from agent.settings_values import TimeWindow

WITA = ZoneInfo("Asia/Makassar")
LUNCH = TimeWindow(time(12), time(13))
HOURS = HoursSettings(breaks=(LUNCH,), holidays=(date(2026, 11, 25),))  # 08:00 to 15:00, Monday to Friday


def wita(text):
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=WITA)


@pytest.mark.parametrize(
    ("now", "phase", "until"),
    [
        ("23T07:00", "before", "23T08:00"),
        ("23T08:00", "open", "23T12:00"),
        ("23T12:00", "break", "23T13:00"),
        ("23T13:00", "open", "23T15:00"),
        ("23T15:00", "after", "24T08:00"),
        ("24T16:00", "after", "26T08:00"),  # the 25th is a holiday
        ("25T09:00", "day-off", "26T08:00"),
        ("27T15:00", "after", "30T08:00"),  # Friday to Monday
        ("28T09:00", "day-off", "30T08:00"),
    ],
)
def test_how_the_office_stands_and_until_when(now, phase, until):
    told = standing(wita(now), HOURS)

    assert (told.phase, told.until) == (phase, wita(until))


def test_an_office_without_working_days_promises_none():
    assert standing(wita("23T09:00"), HoursSettings(days=())).until is None
    assert next_working_day(date(2026, 11, 23), HoursSettings(days=())) is None


def test_a_break_until_closing_is_the_end_of_the_day():
    hours = HoursSettings(breaks=(TimeWindow(time(14), time(15)),))

    assert standing(wita("23T14:30"), hours).phase == "after"


def test_a_break_at_the_start_opens_the_office_later():
    hours = HoursSettings(breaks=(TimeWindow(time(8), time(9)),))

    assert next_opening(wita("23T07:00"), hours) == wita("23T09:00")
    assert standing(wita("23T08:00"), hours).phase == "break"


def test_the_next_working_day_leaps_over_weekend_and_holidays():
    assert next_working_day(date(2026, 11, 24), HOURS) == date(2026, 11, 26)
    assert next_working_day(date(2026, 11, 27), HOURS) == date(2026, 11, 30)


def test_a_day_from_eight_to_three_with_an_hour_off_has_360_minutes():
    assert minutes_left(wita("23T06:00"), HOURS) == 360
    assert minutes_left(wita("25T06:00"), HOURS) == 0
    assert minutes_left(wita("23T14:59"), HOURS) == 1


@pytest.mark.parametrize(
    ("now", "minutes", "clock"),
    [("23T11:30", 20, 20), ("23T11:30", 30, 90), ("23T11:30", 40, 100), ("23T14:00", 60, None), ("23T07:30", 10, 40)],
)
def test_a_wait_over_a_break_is_longer_by_the_break(now, minutes, clock):
    assert with_breaks(wita(now), minutes, HOURS) == clock


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(WITA))  # noqa: DTZ001


@given(moments)
def test_an_office_that_is_not_open_opens_later_and_is_open_then(now):
    told = standing(now, HOURS)

    assert told.until > now
    assert told.is_open or standing(told.until, HOURS).is_open


@given(moments, st.integers(0, 500))
def test_a_wait_is_never_shorter_than_its_minutes_of_service(now, minutes):
    clock = with_breaks(now, minutes, HOURS)

    assert (clock is None) == (minutes >= minutes_left(now, HOURS))
    assert clock is None or clock >= minutes
