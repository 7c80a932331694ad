"""Counts are the lengths of lists; waits are spreads; what a clock did is no wait."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain import visits
from agent.domain.report import (
    GROUPS,
    MINUTE_MS,
    ORDER,
    Row,
    Spread,
    change,
    matching,
    minutes,
    percentile,
    spread,
    summary,
)

ROW = Row(1, "l.1", "A-001", "2024-11-27", 8, "kk", "outside", False, "finished", "handed_over", 1, 1, 0, 0, 0, 0)


def row(**changed) -> Row:
    return msgspec.structs.replace(ROW, **changed)


rows = st.lists(
    st.builds(
        row,
        service=st.sampled_from(["kk", "ikd", "ktp_first"]),
        village=st.sampled_from(["outside", "64.02.05.2001"]),
        day=st.sampled_from(["2024-11-26", "2024-11-27"]),
        hour=st.integers(0, 23),
        state=st.sampled_from(visits.STATES),
        outcome=st.sampled_from([None, *visits.OUTCOMES]),
        calls=st.integers(0, 2),
        taken_t=st.integers(0, 10**9),
        first_call_t=st.none() | st.integers(0, 10**9),
    ),
    max_size=30,
)


@given(rows)
def test_every_count_is_the_length_of_the_list_it_opens(found):
    counts = summary(found)
    opened = {"group": counts.groups, "outcome": counts.outcomes, "day": counts.days}

    for member, numbers in opened.items():
        assert {name: len(matching(found, {member: name})) for name in numbers} == numbers


@given(rows)
def test_groups_and_days_add_up_to_the_total(found):
    counts = summary(found)

    for numbers in (counts.groups, counts.days):
        assert sum(numbers.values()) == counts.total


@given(rows)
def test_a_list_without_a_condition_is_everything(found):
    assert matching(found, {}) == found


def test_every_outcome_means_something_for_the_person():
    assert set(GROUPS) == set(visits.OUTCOMES)
    assert {*GROUPS.values(), "away", "here"} == set(ORDER)


@pytest.mark.parametrize(
    ("changed", "group"),
    [
        ({"outcome": "recorded"}, "served"),
        ({"outcome": "link_down"}, "return"),
        ({"outcome": "no_show", "calls": 0}, "away"),
        ({"outcome": "no_show", "calls": 2}, "no_show"),
        ({"state": "waiting", "outcome": None}, "here"),
    ],
)
def test_what_became_of_a_visit(changed, group):
    assert row(**changed).group == group


def test_a_wait_is_from_the_number_to_the_first_call():
    assert row(taken_t=0, first_call_t=5 * MINUTE_MS, called_t=90 * MINUTE_MS).waited_min == 5


@pytest.mark.parametrize("until", [None, -1, 13 * 60 * MINUTE_MS])
def test_a_clock_that_was_set_is_no_wait(until):
    assert minutes(0, until) is None


def test_half_and_nine_in_ten_of_ten_waits():
    assert spread(map(float, range(1, 11))) == Spread(10, 5, 9, 10)


def test_nothing_measured_has_no_spread():
    assert spread([None, None]) is None


@given(st.lists(st.floats(0, 1000), min_size=1), st.integers(1, 100))
def test_no_more_than_so_many_per_cent_are_below_a_percentile(values, percent):
    value = percentile(sorted(values), percent)

    assert value in values
    assert sum(each <= value for each in values) * 100 >= percent * len(values)


@pytest.mark.parametrize(("now", "before", "grown"), [(200, 100, 100), (99, 100, -1), (5, 0, None), (1005, 1000, 1)])
def test_growth_in_whole_per_cent(now, before, grown):
    assert change(now, before) == grown
