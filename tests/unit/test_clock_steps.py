"""What a step of the wall clock does to remembered times."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.clock_steps import Look, between
from tests.fakes import DAY, HOUR, MINUTE, MORNING

LAST = Look(MORNING, 1, 4 * HOUR)
EARLIER, SINCE = MORNING - 5 * HOUR, MORNING - HOUR  # before and after the start of that boot


@pytest.mark.parametrize("by", [-1_000, 0, 1_000])
def test_what_drifts_by_a_second_is_no_step(by):
    assert not between(LAST, Look(MORNING + MINUTE + by, 1, 4 * HOUR + MINUTE), 0).is_one


def test_a_clock_set_forward_moves_what_was_seen_since_the_start():
    step = between(LAST, Look(MORNING + 3 * HOUR + MINUTE, 1, 4 * HOUR + MINUTE), 0)

    assert (step.moved(EARLIER), step.moved(SINCE)) == (EARLIER, SINCE + 3 * HOUR)


def test_a_clock_set_back_moves_everything_because_nothing_that_stands_is_of_the_future():
    step = between(LAST, Look(MORNING - 3 * HOUR + MINUTE, 1, 4 * HOUR + MINUTE), 0)

    assert (step.moved(EARLIER), step.moved(SINCE)) == (EARLIER - 3 * HOUR, SINCE - 3 * HOUR)


def test_a_night_off_is_no_step():
    step = between(LAST, Look(MORNING + DAY, 2, MINUTE), 0)

    assert (step.moved(SINCE), step.is_one) == (SINCE, False)


def test_a_small_debt_is_forgotten_overnight():
    assert between(LAST, Look(MORNING + DAY, 2, MINUTE), 3 * HOUR).owed == 0


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2**41), st.integers(1, 9 * HOUR)), max_size=8))
def test_nothing_that_stands_is_ever_of_the_future(rounds):
    last, owed, since = LAST, 0, SINCE
    for starts, wall_ms, passes in rounds:
        now = Look(wall_ms, last.boot + starts, passes if starts else last.m + passes)
        step = between(last, now, owed)
        last, owed, since = now, step.owed, step.moved(since)

        assert since <= now.t
        assert owed >= 0
