"""A quarter hour of readings in three numbers each."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.summary import summed_up

values = st.floats(0, 1e15)
rounds = st.lists(st.dictionaries(st.sampled_from(["cpu", "disk", "memory"]), values), max_size=15)


def test_each_reading_has_its_lowest_mean_and_highest():
    assert summed_up([{"cpu": 10.0}, {"cpu": 20.0}, {"cpu": 60.0}]) == {"cpu": (10.0, 30.0, 60.0)}


@pytest.mark.parametrize("value", [0.043, 0.000_431, 0.24, 1.25, 54.3, 1234.5, 53_687_091_200.0, 0.0])
def test_a_value_keeps_three_digits_that_count(value):
    assert summed_up([{"any": value}]) == {"any": (value, value, value)}


def test_digits_that_nobody_reads_are_cut_off():
    assert summed_up([{"any": 12.3456}, {"any": 0.043219}]) == {"any": (0.0432, 6.19, 12.3)}


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
