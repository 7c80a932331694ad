"""Working days without hand-over: who is told when, whatever the clock says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain import escalation
from agent.domain.escalation import Backlog, Watch, level, watched

MONDAY = date(2026, 11, 23)
WAITS = Backlog(held=0, last=10)


def after_days(count: int, backlog: Backlog = WAITS) -> Watch:
    """So many calendar days from a Monday on, looked at three times on each; Saturday and Sunday are free."""
    watch = Watch()
    for ahead in range(count):
        day = MONDAY + timedelta(days=ahead)
        for _ in range(3):
            watch = watched(watch, backlog, day, working=day.weekday() < 5)
    return watch


@pytest.mark.parametrize(
    ("calendar_days", "told"),
    [(1, "none"), (2, "officer"), (3, "officer"), (4, "supervisor"), (9, "supervisor"), (10, "sheet"), (90, "sheet")],
)
def test_officer_supervisor_and_sheet_come_after_one_three_and_seven_working_days(calendar_days, told) -> None:
    assert level(after_days(calendar_days).days) == told


def test_free_days_count_for_nothing() -> None:
    assert after_days(5).days == after_days(7).days == 4


def test_an_office_that_hands_over_every_night_is_never_told() -> None:
    watch = Watch()
    for ahead in range(30):
        watch = watched(watch, Backlog(0, 10 + ahead), MONDAY + timedelta(days=ahead), working=True)
        watch = watched(watch, Backlog(10 + ahead, 10 + ahead), MONDAY + timedelta(days=ahead), working=True)
        assert watch == Watch()


def test_what_waited_being_held_starts_anew_though_newer_lines_wait() -> None:
    late = after_days(5)

    assert watched(late, Backlog(held=10, last=12), MONDAY, working=True) == Watch(12, 0, MONDAY.isoformat())


def test_a_part_that_is_held_is_no_hand_over() -> None:
    assert watched(after_days(5), Backlog(held=9, last=12), MONDAY + timedelta(5), working=True).days == 5


def test_an_hour_at_1970_counts_one_day_at_the_most() -> None:
    watch = watched(after_days(2), WAITS, date(1970, 1, 1), working=True)

    assert watched(watch, WAITS, MONDAY + timedelta(days=1), working=True).days <= after_days(2).days + 2


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 9), st.booleans()), max_size=60))
def test_no_look_counts_more_than_one_day_and_nothing_waiting_counts_none(looks) -> None:
    watch, held, last, day = Watch(), 0, 0, MONDAY
    for sent, written, ahead, working in looks:
        last += written
        held = min(last, held + sent)
        day += timedelta(days=ahead)
        before, watch = watch, watched(watch, Backlog(held, last), day, working=working)
        assert watch.days <= before.days + 1
        assert held < last or watch == Watch()


def test_a_sheet_is_due_with_the_seventh_day_and_each_seventh_after() -> None:
    due = [n for n in range(1, 22) if escalation.prints(Watch(9, n - 1, "a"), Watch(9, n, "b"))]

    assert due == [7, 14, 21]
