"""What exchanges measure, put together: laws."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent.domain.link_measure import RECENT, Measures, after

exchanges = st.lists(st.integers(0, 200).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), max_size=60)


def told(happened) -> Measures:
    found = Measures()
    for segments, again in happened:
        found = after(found, Measures(1, 0.5, None, segments, again))
    return found


@given(exchanges)
def test_a_share_of_losses_is_one_and_rests_on_the_newest_segments(happened) -> None:
    found = told(happened)

    assert found.segments <= RECENT
    assert found.loss is None or 0 <= found.loss <= 1


def test_a_link_that_lost_a_tenth_says_a_tenth() -> None:
    assert told([(30, 3)] * 40).loss == 0.1


def test_few_segments_tell_no_share() -> None:
    assert told([(3, 3)]).loss is None


def test_losses_of_yesterday_fade() -> None:
    assert told([(100, 50)] * 4 + [(100, 0)] * 20).loss < 0.05


def test_an_exchange_too_small_to_tell_a_rate_leaves_the_one_before() -> None:
    found = after(Measures(1, 0.5, 4000.0, 10, 0), Measures(2, 0.7, None, 3, 0))

    assert (found.t, found.round_trip_s, found.goodput) == (2, 0.7, 4000.0)
