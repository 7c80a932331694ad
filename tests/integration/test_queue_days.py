"""Queue days of a whole office under clocks at 1970 and 2099, across midnight in three zones, and around closing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.actions import day, visits
from agent.errors import Conflict
from agent.store import ledger, receipts
from agent.wire.line import read_line
from tests.fakes import DAY, HOUR, MINUTE, MORNING, FakeClock, wall
from tests.small_office import small_office, small_store, take

DEAD = [0, wall("2099-01-01T00:05"), wall("2015-01-01T00:00")]


def hear_central(store, at: int) -> None:
    with store.write():
        receipts.note_central_time(store, at)


def kinds(store) -> list[str]:
    return [read_line(body).k for (body,) in store.rows("SELECT body FROM line WHERE stream = 1 ORDER BY n")]


def labels(store) -> list[str]:
    return [label for (label,) in store.rows("SELECT date FROM queue_day ORDER BY number")]


def test_the_first_ticket_opens_the_day_by_a_line_before_its_own(store, office):
    first = take(store, office, "one")

    assert (first.queue_day, first.ticket) == (1, "A-001")
    assert kinds(store) == ["day.opened", "ticket.taken"]


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Asia/Jakarta", "2026-11-23T23:30", "2026-11-24T00:30"),
        ("Asia/Makassar", "2026-11-23T23:30", "2026-11-24T00:30"),
        ("Asia/Jayapura", "2026-11-23T23:30", "2026-11-24T00:30"),
    ],
)
def test_a_new_day_begins_at_midnight_of_the_offices_own_zone(store, tmp_path, clock, zone, before, after):
    office = small_office(tmp_path, zone=zone)
    clock.step_to(wall(before, zone))
    take(store, office, "evening")
    clock.forward(29 * MINUTE)
    still = take(store, office, "last")
    clock.step_to(wall(after, zone))
    fresh = take(store, office, "morning")

    assert (still.queue_day, still.ticket) == (1, "A-002")
    assert (fresh.queue_day, fresh.ticket) == (2, "A-001")
    assert labels(store) == [before[:10], after[:10]]


@pytest.mark.parametrize("dead", DEAD)
def test_a_dead_battery_neither_restarts_nor_repeats_the_days_numbers(store, office, clock, dead):
    take(store, office, "before")
    clock.reboot("second", dead)
    during = take(store, office, "during")
    clock.step_to(MORNING + HOUR)
    after = take(store, office, "after")

    assert [during.ticket, after.ticket] == ["A-002", "A-003"]
    assert {during.queue_day, after.queue_day} == {1}


@pytest.mark.parametrize("dead", DEAD)
def test_a_clock_that_stays_wrong_still_opens_a_day_each_day(store, office, clock, dead):
    take(store, office, "before")
    clock.step_to(dead)
    opened = []
    for number in range(5):
        opened.append(take(store, office, f"day {number}").queue_day)
        day.close_if_due(store, office)
        clock.forward(DAY)

    assert opened == [1, 2, 3, 4, 5]


def test_a_wrong_clock_does_not_keep_the_day_from_being_closed_in_the_evening(store, office, clock):
    clock.step_to(wall("2099-01-01T09:00"))
    name = take(store, office, "one").visit
    visits.finish(store, name, "cancelled")
    clock.step_to(wall("2099-01-01T17:01"))

    assert day.close_if_due(store, office)


def test_central_puts_the_label_right_though_the_wall_clock_is_wrong(store, office, clock):
    clock.step_to(wall("2026-12-10T09:00"))
    take(store, office, "wrong")
    hear_central(store, MORNING)
    again = take(store, office, "right")

    assert (again.queue_day, again.ticket) == (1, "A-002")
    assert labels(store) == ["2026-11-23"]
    assert kinds(store)[-2:] == ["day.relabelled", "ticket.taken"]


def test_a_step_of_the_wall_clock_means_nothing_once_central_was_heard(store, office, clock):
    hear_central(store, MORNING)
    take(store, office, "one")
    for step in (*DEAD, MORNING + DAY, MORNING - DAY):
        clock.step_to(step)
        take(store, office, f"at {step}")

    assert labels(store) == ["2026-11-23"]


def test_what_central_said_before_a_reboot_says_nothing_of_the_clock_after_it(store, office, clock):
    hear_central(store, MORNING)
    clock.reboot("second", MORNING + 2 * DAY)
    store.close()
    again = small_store(store.home, clock)
    take(again, office, "one")

    assert labels(again) == ["2026-11-25"]
    again.close()


def test_the_agent_relabels_with_no_ticket_asked_for(store, office, clock):
    clock.step_to(wall("2026-12-10T09:00"))
    take(store, office, "wrong")
    hear_central(store, MORNING)

    assert not day.close_if_due(store, office)
    assert labels(store) == ["2026-11-23"]


@pytest.mark.parametrize(("at", "closed"), [("16:59", False), ("17:00", True)])
def test_the_day_closes_two_hours_after_the_office_when_nobody_waits(store, office, clock, at, closed):
    visits.finish(store, take(store, office, "one").visit, "cancelled")
    clock.step_to(wall(f"2026-11-23T{at}"))

    assert day.close_if_due(store, office) is closed


def test_while_somebody_waits_the_day_stays_open_until_a_minute_before_midnight(store, office, clock):
    take(store, office, "one")
    clock.step_to(wall("2026-11-23T23:58"))
    assert not day.close_if_due(store, office)
    clock.forward(MINUTE)

    assert day.close_if_due(store, office)


def test_whoever_is_left_at_the_end_becomes_no_show_by_a_line_each(store, office):
    waiting, called = take(store, office, "one"), take(store, office, "two")
    visits.call(store, called.visit, counter=1)
    day.close_day(store, by=2)

    assert kinds(store)[-3:] == ["visit.finished", "visit.finished", "day.closed"]
    assert {visits.find(store, name).outcome for name in (waiting.visit, called.visit)} == {"no_show"}


def test_a_day_that_was_forgotten_is_closed_by_the_first_look_next_morning(store, office, clock):
    take(store, office, "one")
    clock.forward(DAY)

    assert day.close_if_due(store, office)
    assert take(store, office, "two").queue_day == 2


def test_people_who_come_late_in_the_evening_share_one_day(store, office, clock):
    clock.step_to(wall("2026-11-23T18:00"))
    for number in range(3):
        visits.finish(store, take(store, office, f"late {number}").visit, "cancelled")
        clock.forward(5 * MINUTE)
        assert not day.close_if_due(store, office)

    assert take(store, office, "last").ticket == "A-004"


def test_a_supervisor_closes_only_an_open_day(store, office):
    take(store, office, "one")

    assert day.close_day(store, by=2) == 1
    with pytest.raises(Conflict, match="no-day-open"):
        day.close_day(store, by=2)


def test_a_ticket_after_the_close_opens_the_next_day_unconfirmed(store, office):
    take(store, office, "one")
    day.close_day(store, by=2)
    take(store, office, "two")

    assert store.rows("SELECT number, date, confirmed FROM queue_day ORDER BY number") == [
        (1, "2026-11-23", 1),
        (2, "2026-11-23", 0),
    ]


def test_a_look_with_no_day_open_changes_nothing(store, office):
    assert not day.close_if_due(store, office)
    assert ledger.tail(store, "enrollments").n == 0


moments = st.sampled_from(
    [*DEAD, *[MORNING + days * DAY + hours * HOUR for days in (-1, 0, 1, 40) for hours in (0, 15)]]
)
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("step"), moments),
        st.tuples(st.just("pass"), st.sampled_from([MINUTE, 3 * HOUR, DAY])),
        st.tuples(st.just("look"), st.just(0)),
        st.tuples(st.just("take"), st.just(0)),
        st.tuples(st.just("central"), st.sampled_from([MORNING, MORNING + DAY])),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(happenings)
def test_whatever_the_clock_does_no_number_is_given_twice_and_none_is_left_out(happened):
    with TemporaryDirectory() as home:
        clock = FakeClock()
        store, office = small_store(Path(home), clock), small_office(Path(home))
        given = [given for at, each in enumerate(happened) if (given := play(store, office, clock, *each, f"r{at}"))]
        store.close()

    for number in {queue_day for queue_day, _ in given}:
        places = [int(ticket[2:]) for queue_day, ticket in given if queue_day == number]
        assert places == list(range(1, len(places) + 1))
    assert [queue_day for queue_day, _ in given] == sorted(queue_day for queue_day, _ in given)


def play(store, office, clock, what: str, value: int, request_id: str) -> tuple[int, str] | None:
    if what == "step":
        clock.step_to(value)
    elif what == "pass":
        clock.forward(value)
    elif what == "look":
        day.close_if_due(store, office)
    elif what == "central":
        hear_central(store, value)
    else:
        ticket = take(store, office, request_id)
        return ticket.queue_day, ticket.ticket
    return None


def test_a_label_is_a_date(store, office):
    take(store, office, "one")

    assert day.newest_day(store).date == date(2026, 11, 23)
