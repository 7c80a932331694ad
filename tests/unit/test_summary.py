"""A quarter hour of readings in three numbers each."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from agent.domain.summary import summed_up

values = st.floats(0, 1e15)
rounds = st.lists(st.dictionaries(st.sampled_from(["cpu", "disk", "memory"]), values), max_size=15)


def test_each_reading_has_its_lowest_mean_and_highest():
    assert summed_up([{"cpu": 10.0}, {"cpu": 20.0}, {"cpu": 60.0}]) == {"cpu": (10.0, 30.0, 60.0)}


def test_a_round_without_a_reading_does_not_count_as_zero():
    assert summed_up([{"cpu": 10.0}, {}, {"cpu": 20.0}]) == {"cpu": (10.0, 15.0, 20.0)}


def test_no_rounds_have_no_summary():
    assert summed_up([]) == {}


def test_names_stand_in_order_so_that_equal_readings_make_equal_lines():
    assert list(summed_up([{"disk": 1.0, "cpu": 1.0}])) == ["cpu", "disk"]


@given(rounds)
def test_the_mean_lies_between_the_others_and_all_are_finite(taken):
    for lowest, mean, highest in summed_up(taken).values():
        assert lowest <= highest
        assert lowest - 0.1 <= mean <= highest + 0.1 or math.isclose(mean, highest)
        assert math.isfinite(mean)
