"""Working days without use: counted between the last use and today, whatever the clock says."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agent.domain.self_test import LONGEST, USED_BY, outcomes_of, unused_days
from agent.settings import HoursSettings

MONDAY = date(2026, 11, 23)
HOURS = HoursSettings()


def unused(used: date, today: date) -> int:
    return unused_days(used, today, HOURS.is_working_day)


def test_a_device_used_on_monday_was_unused_for_four_working_days_on_the_next_monday():
    assert unused(MONDAY, MONDAY + timedelta(days=7)) == 4


def test_a_weekend_is_no_time_without_use():
    assert unused(MONDAY + timedelta(days=4), MONDAY + timedelta(days=7)) == 0


def test_a_holiday_is_none_either():
    hours = HoursSettings(holidays=(date(2026, 11, 24),))

    assert unused_days(MONDAY, MONDAY + timedelta(days=3), hours.is_working_day) == 1


@given(st.dates(date(1970, 1, 1), date(2099, 1, 1)), st.dates(date(1970, 1, 1), date(2099, 1, 1)))
def test_no_clock_makes_it_negative_or_endless(used, today):
    assert 0 <= unused(used, today) <= min(LONGEST, max(0, (today - used).days))


def test_a_recording_shows_the_whole_set_to_work():
    assert outcomes_of("iris") == outcomes_of("camera") == ("recorded",)
    assert outcomes_of("card-printer") == ("handed_over",)
    assert set(USED_BY) == {"recorded", "handed_over"}
