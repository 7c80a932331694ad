"""7,285 kiosks with three days of backlog come back at once, by the agent's own pacing code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.slots import FURTHEST_S, Slots
from tests.storm import OURS, TAKES, storm


@pytest.fixture(scope="module")
def ours():
    return storm(OURS)


def test_the_peak_is_within_a_fifth_of_what_the_receiver_takes(ours) -> None:
    assert ours.peak <= 1.2 * TAKES


def test_hardly_any_batch_is_refused(ours) -> None:
    assert ours.refusals < 0.05


def test_everything_is_drained_in_little_more_than_the_shortest_time(ours) -> None:
    assert ours.drained_s <= 1.6 * ours.ideal_s


def test_nothing_is_dropped(ours) -> None:
    assert ours.dropped == 0


def test_on_an_ordinary_day_nobody_is_asked_to_wait() -> None:
    slots = Slots(100)

    assert all(slots.wait_s(second) == 0 for second in range(100) for _ in range(20))


def test_after_a_crowd_it_is_soon_an_ordinary_day_again() -> None:
    slots = Slots(100)
    for _ in range(2000):
        slots.wait_s(0)

    assert slots.wait_s(100) == 0


@given(st.integers(1, 1000), st.lists(st.integers(0, 3), max_size=400))
def test_a_wait_is_never_negative_and_has_an_end(rate, steps) -> None:
    slots, now = Slots(rate), 0
    for step in steps:
        now += step
        assert 0 <= slots.wait_s(now) <= FURTHEST_S


@given(st.integers(10, 200), st.integers(50, 3000))
def test_no_second_is_promised_to_more_than_the_receiver_takes(rate, crowd) -> None:
    slots = Slots(rate)
    waits = [slots.wait_s(7) for _ in range(crowd)]

    assert all(waits.count(second) <= rate for second in set(waits) - {0, FURTHEST_S})
