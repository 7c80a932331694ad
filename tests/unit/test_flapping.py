"""A history in which a state came and went is short, and loses nothing that lasted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent.domain.flapping import MANY, SHORT_MS, Stay, folded
from tests.fakes import HOUR, MORNING, SECOND

WELL = frozenset({"good"})


def stays(*lengths_ms: int) -> list[Stay]:
    """By turns good and no-dns, the newest first; the last one lasts."""
    found, t = [], MORNING
    for number, length in enumerate(lengths_ms):
        found.append(Stay("no-dns" if number % 2 else "good", t, t + length, f"{number}"))
        t += length
    return [Stay("good", t, None, "now"), *reversed(found)]


def test_a_stretch_of_many_short_states_is_one_of_the_state_that_disturbs():
    newest, flapping, before = folded(stays(HOUR, *[20 * SECOND] * 101), WELL)

    assert (newest.until, before.until) == (None, MORNING + HOUR)
    assert (flapping.state, flapping.changes, flapping.evidence) == ("no-dns", 101, "101")
    assert (flapping.t, flapping.until) == (MORNING + HOUR, newest.t)


def test_a_few_short_states_are_told_one_by_one():
    found = stays(HOUR, *[20 * SECOND] * (MANY - 1))

    assert list(folded(found, WELL)) == found


@given(st.lists(st.integers(0, 2 * SHORT_MS), max_size=60))
def test_folding_leaves_no_gap_and_no_change_out(lengths_ms):
    found = stays(*lengths_ms)
    told = list(folded(found, WELL))

    assert [stay.until for stay in told[1:]] == [stay.t for stay in told[:-1]]
    assert sum(stay.changes for stay in told) == len(found)
    assert told[-1].t == found[-1].t
