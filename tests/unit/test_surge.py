"""How busy a day is; Muara Badak's 100 numbers a day that became 200 in November 2024 are the cases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain import hours
from agent.domain.surge import REASONS, UNKNOWN, advice, by_reason, forecast, sets_needed, shares, surge
from agent.settings import HoursSettings
from agent.settings_values import time_window

USUAL = [100] * 10
DAY_MINUTES = 420


def test_the_first_ticket_above_one_and_a_half_times_the_mean_raises_the_alarm():
    assert [surge(numbers, USUAL).is_on for numbers in (149, 150, 151)] == [False, False, True]


def test_ten_days_of_100_and_then_200_are_a_surge_on_the_first_such_day():
    assert surge(200, USUAL).is_on
    assert not surge(100, USUAL).is_on


def test_only_the_last_ten_working_days_are_compared():
    assert surge(151, USUAL + [10_000] * 20).mean == 100


def test_a_mean_with_a_fraction_is_not_rounded_up_to_an_alarm():
    assert surge(3, [1, 1, 1, 1, 3]).limit == 2
    assert surge(3, [1, 1, 1, 1, 3]).is_on


def test_with_four_days_nobody_knows_what_is_usual():
    assert surge(500, [100] * 4) is None


@pytest.mark.parametrize(("people", "each", "sets"), [(100, 4, 1), (200, 4, 2), (105, 4, 1), (106, 4, 2), (200, 10, 5),
                                                      (100, 3, 1), (0, 4, 0)])  # fmt: skip
def test_a_set_records_105_people_a_day_at_4_minutes(people, each, sets):
    assert sets_needed(people, DAY_MINUTES, each) == sets


def test_a_day_from_8_to_15_has_420_minutes_and_a_break_takes_its_own():
    assert hours.minutes_a_day(HoursSettings()) == DAY_MINUTES
    assert hours.minutes_a_day(HoursSettings(breaks=(time_window("12:00-13:00"),))) == 360


def test_advice_counts_the_counters_that_serve_all_until_closing():
    told = advice({"kk": 10, "move": 6}, {"kk": 12.0, "move": 10.0}, open_now=1, minutes_left=60)

    assert (told.waiting, told.minutes, told.needed) == (16, 180, 3)


def test_after_hours_no_number_of_counters_is_enough():
    assert advice({"kk": 1}, {"kk": 12.0}, 1, minutes_left=0).needed is None
    assert advice({}, {}, 1, minutes_left=0).needed == 0


def test_the_forecast_tells_how_far_it_was_off():
    """Five days of 100, then of 200: the first day of 200 was missed by 100, the next by 67 and 33."""
    coming = forecast([200, 200, 200, 200, *[100] * 5])

    assert coming.people == 200
    assert coming.error == pytest.approx((0 + 100 / 3 + 200 / 3 + 100 + 0 + 0) / 6)


def test_without_five_days_there_is_no_forecast():
    assert forecast([100] * 4) is None


def test_a_day_with_200_numbers_has_shares_that_add_up_to_100():
    counts = dict(zip((*REASONS, UNKNOWN), (71, 43, 29, 23, 17, 17), strict=True))

    assert sum(counts.values()) == 200
    assert sum(shares(counts).values()) == 100


@given(st.lists(st.integers(0, 500), min_size=1, max_size=8))
def test_shares_add_up_to_100_and_are_less_than_one_off(numbers):
    counts = {str(place): number for place, number in enumerate(numbers)}
    told, total = shares(counts), sum(numbers)

    assert sum(told.values()) == (100 if total else 0)
    assert all(abs(told[name] - 100 * count / total) < 1 for name, count in counts.items() if total)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([*REASONS, None, "later"]), st.integers(0, 9))))
def test_reasons_lose_nobody(rows):
    found = by_reason(rows)

    assert sum(sum(each.values()) for each in found.values()) == sum(count for _, _, count in rows)
