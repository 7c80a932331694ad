"""What becomes of a visit: no number is called twice by chance, and every move is a line."""

from __future__ import annotations

import pytest

from agent.actions import visits
from agent.actions.day import close_day
from agent.domain.visits import LEAVING, MOVES, OUTCOMES
from agent.errors import BadData, Conflict, NotFound
from agent.store import forks
from tests.fakes import MINUTE
from tests.ledger_lines import bodies, is_whole, said
from tests.small_office import take
from tests.together import together

SERVED = [outcome for outcome in OUTCOMES if outcome not in LEAVING]


@pytest.fixture
def waiting(store, office):
    """The name of somebody who waits."""
    return take(store, office, "one").visit


@pytest.fixture
def called(store, waiting):
    """The name of somebody who was called to counter 1."""
    return visits.call_next(store, counter=1).name and waiting


def number(name: str) -> int:
    return int(name.partition(".")[2])


def test_two_counters_never_get_the_same_number(store, office) -> None:
    for person in range(30):
        take(store, office, f"person {person}")
    given = together(30, lambda counter: visits.call_next(store, counter).ticket)

    assert sorted(given) == [f"A-{place:03d}" for place in range(1, 31)]
    assert sorted(line["visit"] for line in said(store, "ticket.called")) == list(range(2, 32))
    assert is_whole(store)


def test_more_counters_than_people_leave_some_with_nobody(store, office) -> None:
    for person in range(3):
        take(store, office, f"person {person}")
    given = together(10, lambda counter: visits.call_next(store, counter))

    assert sorted(visit.ticket for visit in given if visit) == ["A-001", "A-002", "A-003"]
    assert len(said(store, "ticket.called")) == 3


def test_two_counters_that_call_the_same_person_are_not_both_believed(store, waiting) -> None:
    def call(counter: int) -> str:
        try:
            return visits.call(store, waiting, counter).state
        except Conflict as fault:
            return fault.code

    assert sorted(together(8, call)) == ["called"] + ["illegal-move"] * 7


def test_nobody_is_called_from_a_day_that_is_over(store, waiting, clock) -> None:
    close_day(store, by=1)

    assert visits.call_next(store, counter=1) is None


def test_before_the_first_day_nobody_is_called(store) -> None:
    assert visits.call_next(store, counter=1) is None


def test_a_call_tells_the_counter_and_the_officer_by_a_line(store, waiting) -> None:
    visit = visits.call_next(store, counter=3, by=7)

    assert (visit.name, visit.state, visit.counter, visit.calls) == (waiting, "called", 3, 1)
    assert said(store, "ticket.called") == [{"visit": number(waiting), "counter": 3, "by": 7}]


def test_a_recall_from_another_counter_is_counted(store, called) -> None:
    visit = visits.recall(store, called, 2)

    assert (visit.counter, visit.calls) == (2, 2)
    assert [line.get("again", 0) for line in said(store, "ticket.called")] == [0, 1]


STATES = ("waiting", "called", "finished")
ACTIONS = {
    "call": lambda store, name: visits.call(store, name, 1),
    "recall": lambda store, name: visits.recall(store, name, 1),
    "finish": lambda store, name: visits.finish(store, name, "recorded"),
    "leave": lambda store, name: visits.finish(store, name, "cancelled"),
    "correct": lambda store, name: visits.correct(store, name, "referred", by=1),
}


def brought_to(store, name: str, state: str) -> str:
    if state != "waiting":
        visits.call(store, name, 1)
    if state == "finished":
        visits.finish(store, name, "recorded")
    return name


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", STATES)
def test_a_move_is_made_if_it_is_in_the_table_else_refused_and_nothing_written(store, waiting, state, action) -> None:
    name = brought_to(store, waiting, state)
    before = bodies(store)
    if (state, action) in MOVES:
        assert ACTIONS[action](store, name).state == MOVES[state, action]
        assert len(bodies(store)) == len(before) + 1
        return
    with pytest.raises(Conflict) as caught:
        ACTIONS[action](store, name)
    assert (caught.value.code, caught.value.http_status) == ("illegal-move", 409)
    assert (bodies(store), visits.find(store, name).state) == (before, state)


@pytest.mark.parametrize("outcome", SERVED)
def test_who_was_not_called_cannot_have_been_served(store, waiting, outcome) -> None:
    with pytest.raises(Conflict, match="illegal-move"):
        visits.finish(store, waiting, outcome)


@pytest.mark.parametrize("outcome", LEAVING)
def test_who_was_not_called_can_leave(store, waiting, outcome) -> None:
    assert visits.finish(store, waiting, outcome).outcome == outcome


def test_a_finished_visit_is_told_whole_by_its_line(store, called, clock) -> None:
    clock.forward(5 * MINUTE)
    visit = visits.finish(store, called, "incomplete_papers", by=7, missing=("kk",), status_code="BIO")

    assert (visit.state, visit.outcome, visit.finished_t) == ("finished", "incomplete_papers", clock.wall_ms())
    assert said(store, "visit.finished") == [
        {"visit": number(called), "outcome": "incomplete_papers", "by": 7, "missing": ["kk"], "status_code": "BIO"}
    ]


def test_a_correction_is_a_new_line_and_the_time_of_the_end_stays(store, called, clock) -> None:
    ended = visits.finish(store, called, "recorded", by=7).finished_t
    clock.forward(5 * MINUTE)
    visit = visits.correct(store, called, "failed_capture", by=8)

    assert (visit.outcome, visit.finished_t) == ("failed_capture", ended)
    assert said(store, "visit.corrected") == [
        {"visit": number(called), "outcome": "failed_capture", "was": "recorded", "by": 8}
    ]
    assert said(store, "visit.finished")[0]["outcome"] == "recorded"


def test_each_correction_names_the_outcome_before_it(store, called) -> None:
    visits.finish(store, called, "recorded")
    visits.correct(store, called, "failed_capture", by=8)
    visits.correct(store, called, "referred", by=8)

    assert [line["was"] for line in said(store, "visit.corrected")] == ["recorded", "failed_capture"]


def test_a_wrong_reason_is_corrected_or_taken_back_and_else_stays(store, called) -> None:
    visits.finish(store, called, "recorded", came=visits.Came("moved"))
    words = [None, visits.Came("moved"), visits.Came("first"), visits.Came()]
    stored = [visits.correct(store, called, "recorded", by=8, came=came).reason for came in words]

    assert stored == ["moved", "moved", "first", None]
    assert [line.get("reason") for line in said(store, "visit.corrected")] == [None, None, "first", ""]


@pytest.mark.parametrize("action", [visits.finish, visits.correct])
def test_a_reason_that_is_none_is_refused(store, called, action) -> None:
    before = bodies(store)
    with pytest.raises(BadData) as caught:
        action(store, called, "recorded", by=1, came=visits.Came("Bu Siti asked"))

    assert (caught.value.code, bodies(store)) == ("unknown-reason", before)


@pytest.mark.parametrize("action", [visits.finish, visits.correct])
def test_an_outcome_that_is_none_is_refused(store, called, action) -> None:
    before = bodies(store)
    with pytest.raises(BadData) as caught:
        action(store, called, "happy", by=1)

    assert (caught.value.code, caught.value.field) == ("unknown-outcome", "outcome")
    assert bodies(store) == before


@pytest.mark.parametrize(
    "name", ["", ".", "aaaaaaaa.1", "99", "aaaaaaaa.", ".2", "{ledger}.999", "{ledger}.-2", "{ledger}.²", "{ledger}.1"]
)
def test_a_name_that_no_visit_has_is_told(store, waiting, name) -> None:
    with pytest.raises(NotFound, match="unknown-visit"):
        visits.call(store, name.format(ledger=waiting.partition(".")[0]), 1)


def test_a_visit_of_an_older_ledger_is_named_with_it_in_every_line(store, waiting) -> None:
    old = store.rows("SELECT name FROM ledger")[0][0]
    with store.write():
        forks.fork(store, forks.DAMAGED, bytes)
    visits.call_next(store, counter=1)
    visits.recall(store, waiting, 1)
    visits.finish(store, waiting, "recorded")
    visits.correct(store, waiting, "referred", by=1)
    lines = [line for kind in ("ticket.called", "visit.finished", "visit.corrected") for line in said(store, kind)]

    assert [(line["visit"], line["of"]) for line in lines] == [(number(waiting), old)] * 4


def test_whoever_of_an_older_ledger_is_left_at_the_end_is_named_with_it(store, waiting) -> None:
    old = store.rows("SELECT name FROM ledger")[0][0]
    with store.write():
        forks.fork(store, forks.DAMAGED, bytes)
    close_day(store, by=1)

    assert [(line["outcome"], line["of"]) for line in said(store, "visit.finished")] == [("no_show", old)]


def test_a_visit_of_the_open_ledger_is_named_by_its_number_alone(store, called) -> None:
    visits.finish(store, called, "recorded")

    assert "of" not in said(store, "ticket.called")[0] | said(store, "visit.finished")[0]
