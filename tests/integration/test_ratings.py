"""A mark for getting a number and one for being served: the first touch counts, and the line names no visit."""

from __future__ import annotations

import pytest

from agent.actions import ratings, visits
from agent.actions.day import newest_day
from agent.domain import period
from agent.errors import BadData
from agent.store.models import Visit
from tests.ledger_lines import said
from tests.small_office import small_office, take


@pytest.fixture
def visit(store, tmp_path) -> Visit:
    """Somebody who took a number."""
    take(store, small_office(tmp_path), "r-1")
    return Visit.get()


def lines(store) -> list[dict]:
    return said(store, "survey.answered")


def test_a_mark_is_a_line_that_does_not_say_whose_it_is(store, visit):
    ratings.rate(store, visit, 4)

    assert lines(store) == [{"day": visit.day, "service": visit.service, "about": "number", "mark": 4}]


def test_only_the_first_mark_of_a_number_counts(store, visit):
    assert [ratings.rate(store, visit, mark) for mark in (1, 4, 1)] == [True, False, False]

    assert [line["mark"] for line in lines(store)] == [1]


def test_who_was_served_is_asked_once_more(store, visit):
    ratings.rate(store, visit, 3)
    called = visits.call_next(store, 1)
    visits.finish(store, called.name, "recorded")
    served = Visit.get()

    assert not ratings.is_rated(store, served)
    assert [ratings.rate(store, served, mark) for mark in (2, 4)] == [True, False]
    assert [line["about"] for line in lines(store)] == ["number", "service"]


@pytest.mark.parametrize("mark", [0, 5, -1, 10**9])
def test_another_mark_is_refused(store, visit, mark):
    with pytest.raises(BadData):
        ratings.rate(store, visit, mark)

    assert lines(store) == []


def test_marks_are_read_by_the_queue_days_of_a_period(store, visit):
    ratings.rate(store, visit, 4)
    today = period.of("day", newest_day(store).date)

    assert [(each.about, each.mark) for each in ratings.marks(store, today)] == [("number", 4)]
    assert ratings.marks(store, today.before()) == []
