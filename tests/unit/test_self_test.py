"""Working days without use: counted between the last use and today, whatever the clock says."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agent.domain.self_test import LONGEST, unused_days, use_of
from agent.domain.visits import OUTCOMES
from agent.settings import HoursSettings
from tests.small_office import shipped_services, shipped_stock

MONDAY = date(2026, 11, 23)
HOURS = HoursSettings()
SHIPPED = tuple(shipped_services().services)


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
    assert {use_of(device) for device in ("camera", "fingerprint", "iris", "signature")} == {("recorded", ())}


def test_the_card_printer_is_used_by_what_uses_up_a_blank_card_and_by_nothing_else():
    outcome, services = use_of("card-printer")
    stock = shipped_stock()

    assert {each for each in SHIPPED if stock.of_one("blanks", each, outcome)} == set(services)
    assert [each for each in OUTCOMES if any(stock.of_one("blanks", s, each) for s in SHIPPED)] == [outcome]
