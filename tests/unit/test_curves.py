"""A long history in few points: nothing that stands out is lost, nothing is made up."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agent.actions.curves import readings_of, stretches, thinned
from agent.actions.health import Point
from tests.small_office import small_office

SPAN = 86_400_000
values = st.floats(-1e9, 1e9, allow_nan=False)


@st.composite
def histories(draw) -> list[Point]:
    times = sorted(draw(st.lists(st.integers(0, SPAN - 1), max_size=60)))
    triples = [sorted(draw(st.tuples(values, values, values))) for _ in times]
    return [Point(t, *triple) for t, triple in zip(times, triples, strict=True)]


@given(histories(), st.integers(1, 40))
def test_few_points_hold_the_lowest_and_the_highest(points, most):
    found = thinned(points, 0, SPAN, most)

    assert len(found) <= most
    if points:
        assert min(point.low for point in found) == min(point.low for point in points)
        assert max(point.high for point in found) == max(point.high for point in points)


@given(histories(), st.integers(1, 40))
def test_each_point_is_in_order_and_its_mean_between_its_ends(points, most):
    found = thinned(points, 0, SPAN, most)

    assert [point.t for point in found] == sorted({point.t for point in found})
    assert all(point.low <= point.mean <= point.high for point in found)


@given(histories(), st.integers(1, 40))
def test_a_curve_breaks_off_where_nothing_was_measured_and_nowhere_else(points, most):
    found = stretches(points, SPAN, most)

    assert [point for stretch in found for point in stretch] == points
    assert all(after[0].t - before[-1].t > 3 * SPAN / most for before, after in pairwise(found))
    assert all(b.t - a.t <= 3 * SPAN / most for stretch in found for a, b in pairwise(stretch))


def test_what_is_outside_of_the_span_is_left_out():
    points = [Point(-1, 0, 0, 0), Point(0, 1, 1, 1), Point(SPAN, 9, 9, 9)]

    assert thinned(points, 0, SPAN, 10) == [Point(0, 1, 1, 1)]


def test_the_readings_of_a_probe_are_named_once_and_no_number_of_a_state_is_drawn(tmp_path):
    office = small_office(tmp_path)

    assert readings_of(office, "disk-wear") == ("disk_failing", "disk_wear_percent", "disk_bad_sectors")
    assert "link_state" not in readings_of(office, "link")
    assert readings_of(office, "camera") == ("camera_present", "camera_test_failed", "camera_unused_days")
