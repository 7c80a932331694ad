"""Which lines are old enough to be pruned, though clocks lie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.clock import DAY_MS
from agent.domain.retention import FURTHEST_MS, believed_now, prunable

BUILD = 1_000 * DAY_MS
NOW = 2_000 * DAY_MS
KEEP = 90 * DAY_MS
OLD, YOUNG, DEAD, AHEAD = NOW - 100 * DAY_MS, NOW - 10 * DAY_MS, 0, NOW + DAY_MS

times = st.lists(st.sampled_from([OLD, OLD + 1, YOUNG, NOW, DEAD, AHEAD]), max_size=12)


def count(*told: int, later: int = NOW) -> int:
    return prunable(told, now_ms=NOW, keep_ms=KEEP, build_ms=BUILD, later_ms=later)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((), 0),
        ((OLD, OLD), 2),
        ((OLD, YOUNG, OLD), 1),
        ((YOUNG,), 0),
        ((NOW - KEEP,), 1),
        ((NOW - KEEP + 1,), 0),
    ],
)
def test_a_prefix_older_than_the_retention_may_go(told, expected):
    assert count(*told) == expected


@pytest.mark.parametrize("broken", [DEAD, AHEAD, BUILD - 1, NOW + 1])
def test_a_line_of_a_broken_clock_counts_as_young_as_the_next_true_one(broken):
    assert count(OLD, broken, OLD) == 3
    assert count(OLD, broken, YOUNG) == 1


def test_broken_clocks_at_the_end_take_the_age_of_the_lines_after_them():
    assert count(DEAD, DEAD, later=OLD) == 2
    assert count(DEAD, DEAD, later=YOUNG) == 0


def test_with_no_true_time_at_all_everything_is_kept():
    assert count(DEAD, AHEAD, DEAD) == 0


def test_a_clock_that_went_back_for_a_while_does_not_make_a_line_older_than_the_one_before():
    assert count(YOUNG, OLD, OLD) == 0


@given(times)
def test_nothing_younger_than_the_retention_is_ever_among_them(told):
    gone = told[: count(*told)]

    assert all(time <= NOW - KEEP for time in gone if BUILD <= time <= NOW)


@given(times, st.sampled_from([OLD, YOUNG]))
def test_looking_at_the_lines_in_two_parts_prunes_no_more_than_at_once(told, later):
    whole = count(*told, later=later)
    half = len(told) // 2
    next_true = next((time for time in told[half:] if BUILD <= time <= NOW), later)

    assert count(*told[:half], later=next_true) == min(whole, half)


def test_the_wall_clock_is_believed_up_to_31_days_after_centrals_last_word():
    assert believed_now(NOW, NOW - DAY_MS) == NOW
    assert believed_now(NOW + 100 * FURTHEST_MS, NOW) == NOW + FURTHEST_MS


def test_a_clock_that_is_behind_prunes_nothing_by_itself():
    assert believed_now(0, NOW) == 0
