"""Waits are told with two bounds, and the days of a simulator say how good they are."""

from __future__ import annotations

import random
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.wait_estimate import (
    Accuracy,
    Estimate,
    NoEstimate,
    Times,
    accuracy,
    estimate,
    pool,
    served_in,
    times,
)
from tests.day_simulator import Plan, play

A, B, C = (frozenset({letter}) for letter in "abc")
ALL = frozenset()


def middle(people, minutes, counters):
    told = estimate({"a": people}, {"a": Times(minutes, 1.0)}, counters)
    assert isinstance(told, Estimate)
    return told.middle


def test_a_hundred_at_four_minutes_wait_400_with_one_set_and_200_with_two():
    assert (middle(100, 4, 1), middle(100, 4, 2)) == (400, 200)


def test_a_hundred_at_ten_minutes_wait_500_with_two_sets():
    assert middle(100, 10, 2) == 500


def test_one_of_two_sets_off_doubles_the_wait():
    assert middle(30, 4, 1) == 2 * middle(30, 4, 2)


def test_with_no_counter_open_there_is_no_estimate_and_a_reason():
    assert estimate({"a": 100}, {"a": Times(4, 1)}, 0) == NoEstimate("no-counter")


@pytest.mark.parametrize(("each", "sets", "people"), [(4, 1, 105), (4, 2, 210), (5, 1, 84), (3, 1, 140), (10, 1, 42)])
def test_a_day_of_420_minutes_serves_so_many(each, sets, people):
    assert served_in(420, each, sets) == people


def test_with_nobody_ahead_one_at_the_counter_may_still_have_to_end():
    assert estimate({}, {}, 1, own=Times(4, 2)) == Estimate(0, 0, 4)


def test_people_of_several_services_take_their_own_times():
    told = estimate({"a": 3, "b": 2}, {"a": Times(4, 1), "b": Times(10, 1)}, 1)

    assert told.middle == 32


def test_before_anybody_was_measured_the_expected_time_counts():
    assert times([], 4) == Times(4, 2)


def test_measured_times_win_with_their_number():
    assert times([10] * 10, 4).mean == 7
    assert isclose(times([10] * 990, 4).mean, 9.94)


def test_slips_of_the_finger_and_forgotten_visits_do_not_count_as_service():
    assert times([0.01] * 50, 4) == times([], 4)
    assert times([5000], 4) == times([40], 4)


def test_more_measured_people_narrow_the_bounds():
    few, many = times([4] * 3, 4), times([4] * 60, 4)

    def width(each):
        told = estimate({"a": 20}, {"a": each}, 1)
        return told.high - told.low

    assert width(many) < width(few)


minutes = st.floats(0.5, 60)


@given(st.integers(0, 300), minutes, minutes, st.integers(1, 9))
def test_the_bounds_stand_around_the_middle(people, mean, deviation, counters):
    told = estimate({"a": people}, {"a": Times(mean, deviation)}, counters)

    assert 0 <= told.low <= told.middle <= told.high


@given(st.integers(0, 300), minutes, st.integers(1, 8))
def test_another_counter_never_lengthens_a_wait_and_another_person_never_shortens_it(people, mean, counters):
    assert middle(people, mean, counters + 1) <= middle(people, mean, counters) <= middle(people + 1, mean, counters)


@given(st.lists(st.floats(0, 1e6), max_size=60), minutes)
def test_times_stay_within_what_can_be(measured, expected):
    told = times(measured, expected)

    assert 0 < told.mean <= 10 * expected
    assert told.deviation >= 0


def test_counters_for_all_are_one_pool():
    assert pool("a", [ALL, A, B]) == (ALL, 3)


def test_counters_that_share_no_service_are_apart():
    assert pool("a", [A, A, B]) == (A, 2)


def test_a_counter_for_two_services_joins_their_pools():
    assert pool("a", [A | B, B, C]) == (A | B, 2)


def test_a_service_that_no_counter_serves_has_none():
    assert pool("c", [A, B]) == (C, 0)
    assert pool("c", []) == (C, 0)


def test_accuracy_counts_waits_within_the_bounds_and_the_median_miss():
    assert accuracy([(1, 5, 3.0), (1, 5, 7.0), (4, 5, 1.0)]) == Accuracy(3, 1, 2.0)
    assert accuracy([]).share == 1.0


DAYS = {
    "100 people, one set": (Plan(), 0.82),
    "200 people, two sets": (Plan(people=200, counters=2), 0.82),
    "60 people, slower than expected": (Plan(people=60, real=6), 0.80),
    "100 people, faulty sets at ten minutes": (Plan(counters=2, real=10), 0.80),
}


@pytest.mark.parametrize("name", DAYS)
def test_most_simulated_waits_end_within_their_bounds(name):
    plan, share = DAYS[name]
    luck, earlier = random.Random(7), []
    play(plan, luck, earlier)  # a first day, so that something was measured
    waits = [waited for _ in range(10) for waited in play(plan, luck, earlier)]

    assert accuracy((each.told.low, each.told.high, each.minutes) for each in waits).share >= share


def test_the_middle_is_off_by_less_than_a_quarter_of_the_wait():
    luck, earlier = random.Random(7), []
    waits = [waited for _ in range(10) for waited in play(Plan(), luck, earlier)]
    off = sum(abs(each.told.middle - each.minutes) for each in waits)

    assert off / sum(each.minutes for each in waits) < 0.25
