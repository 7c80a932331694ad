"""Queue days under clocks that lie."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.queue_day import FURTHEST_STEP, Day, closes, decide

BUILD = date(2026, 11, 1)
MONDAY = date(2026, 11, 23)
ONE = timedelta(days=1)
CLOSE = time(15, 0)

dates = st.one_of(
    st.dates(date(2026, 10, 1), date(2027, 3, 1)),
    st.dates(date(1970, 1, 1), date(1970, 2, 15)),
    st.dates(date(2098, 12, 1), date(2099, 2, 1)),
)
days = st.builds(Day, st.integers(1, 999), dates, st.booleans(), st.booleans(), dates)


def open_day(label: date, *, confirmed: bool = True, shown: date | None = None) -> Day:
    return Day(7, label, confirmed, is_open=True, shown=shown or label)


def step(last: Day | None, today: date, *, sure: bool = False) -> tuple[str, date, bool]:
    decision = decide(last, today, BUILD, sure=sure)
    return decision.step, decision.date, decision.confirmed


def after(last: Day, today: date, *, sure: bool = False) -> Day:
    """The newest day once a decision was done."""
    decision = decide(last, today, BUILD, sure=sure)
    number = last.number + (decision.step in ("open", "roll"))
    return Day(number, decision.date, decision.confirmed, is_open=True, shown=today)


def test_the_first_day_takes_the_date_of_the_clock():
    assert step(None, MONDAY) == ("open", MONDAY, True)


def test_the_first_day_under_a_dead_clock_is_labelled_unconfirmed():
    assert step(None, date(1970, 1, 1)) == ("open", date(1970, 1, 1), False)


def test_a_day_goes_on_while_its_date_does():
    assert step(open_day(MONDAY), MONDAY) == ("keep", MONDAY, True)


def test_a_new_date_opens_a_new_day():
    assert step(open_day(MONDAY), MONDAY + ONE) == ("roll", MONDAY + ONE, True)


@pytest.mark.parametrize(("days", "expected"), [(31, "roll"), (32, "keep")])
def test_a_date_is_believed_up_to_31_days_on(days, expected):
    assert step(open_day(MONDAY), MONDAY + timedelta(days=days))[0] == expected


@pytest.mark.parametrize("jump", [date(1970, 1, 1), date(2099, 1, 1), date(2015, 6, 1)])
def test_a_jump_to_a_date_that_cannot_be_true_changes_nothing(jump):
    assert step(open_day(MONDAY), jump) == ("keep", MONDAY, True)


def test_a_jump_beyond_31_days_counts_once_central_confirms_it():
    far = MONDAY + timedelta(days=200)

    assert step(open_day(MONDAY), far, sure=True) == ("roll", far, True)


def test_a_correction_backward_by_central_relabels_the_open_day():
    assert step(open_day(MONDAY + ONE), MONDAY, sure=True) == ("relabel", MONDAY, True)


def test_a_correction_backward_relabels_a_day_that_nobody_confirmed():
    assert step(open_day(MONDAY + ONE, confirmed=False), MONDAY) == ("relabel", MONDAY, False)


def test_a_clock_that_falls_back_does_not_relabel_a_confirmed_day():
    assert step(open_day(MONDAY), MONDAY - ONE) == ("keep", MONDAY, True)


def test_a_ticket_after_the_supervisor_closed_the_day_opens_the_next_one_unconfirmed():
    closed = Day(7, MONDAY, confirmed=True, is_open=False, shown=MONDAY)

    assert step(closed, MONDAY) == ("open", MONDAY, False)


def test_a_day_opened_under_a_dead_clock_gets_the_next_date_for_a_label():
    closed = Day(7, MONDAY, confirmed=True, is_open=False, shown=MONDAY)

    assert step(closed, date(1970, 1, 1)) == ("open", MONDAY + ONE, False)


@pytest.mark.parametrize("wrong", [date(1970, 1, 1), date(2099, 1, 1)])
def test_a_clock_that_runs_on_from_a_wrong_date_still_ends_the_days(wrong):
    kept = after(open_day(MONDAY), wrong)

    assert kept.number == 7
    assert step(kept, wrong + ONE) == ("roll", MONDAY + ONE, False)


def test_central_confirms_the_label_of_a_day_that_is_right():
    assert step(open_day(MONDAY, confirmed=False), MONDAY, sure=True) == ("keep", MONDAY, True)


@given(days, dates)
def test_a_closed_day_is_never_opened_again(day, today):
    if not day.is_open:
        assert decide(day, today, BUILD, sure=False).step == "open"


@given(days, dates)
def test_with_central_behind_it_the_label_is_always_the_date(day, today):
    decision = decide(day, today, BUILD, sure=True)

    assert (decision.date, decision.confirmed) == (today, True)


@given(days, dates, st.booleans())
def test_a_kept_day_keeps_its_label(day, today, sure):
    decision = decide(day, today, BUILD, sure=sure)

    assert decision.step != "keep" or decision.date == day.date


@given(days, dates, st.booleans())
def test_a_relabelled_day_gets_the_date_of_the_clock_and_not_one_before_the_build(day, today, sure):
    decision = decide(day, today, BUILD, sure=sure)

    assert decision.step != "relabel" or (decision.date == today and (sure or today >= BUILD))


@given(days, dates, st.booleans())
def test_from_one_date_of_the_clock_to_the_next_no_day_stays_frozen(day, today, sure):
    seen = after(day, today, sure=sure)
    next_day = after(seen, today + ONE, sure=sure)

    assert next_day.number > seen.number or next_day.date == today + ONE


@given(days, dates)
def test_a_first_look_at_an_unbelievable_date_never_ends_an_open_day(day, today):
    outside = today < BUILD or today > day.date + FURTHEST_STEP
    jumped = not day.shown < today <= day.shown + FURTHEST_STEP

    if day.is_open and outside and jumped:
        assert decide(day, today, BUILD, sure=False).step == "keep"


def at(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(MONDAY, time(hour, minute))


@pytest.mark.parametrize(
    ("now", "waiting", "ends"),
    [
        (at(14, 0), 0, False),
        (at(16, 59), 0, False),
        (at(17, 0), 0, True),
        (at(17, 0), 1, False),
        (at(23, 58), 1, False),
        (at(23, 59), 1, True),
        (at(0, 0), 0, False),
    ],
)
def test_a_day_ends_two_hours_after_closing_with_nobody_waiting_or_a_minute_before_midnight(now, waiting, ends):
    assert closes(now, at(8), CLOSE, waiting=waiting) is ends


def test_a_day_opened_in_the_evening_is_not_closed_between_two_people():
    assert not closes(at(18), at(17, 30), CLOSE, waiting=0)
    assert closes(at(23, 59), at(17, 30), CLOSE, waiting=0)


def test_a_day_opened_the_evening_before_by_a_wrong_clock_ends_as_any_other():
    assert closes(at(17, 5), at(17, 30) - ONE, CLOSE, waiting=0)
