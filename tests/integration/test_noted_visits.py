"""What was noted on paper in a power cut is entered once, with its time."""

from __future__ import annotations

import pytest

from agent.actions import noted, visits
from agent.actions.line import calls_after
from agent.actions.tickets import TicketRequest, take_ticket
from agent.errors import BadData
from tests.builders import drawn
from tests.fakes import DAY, HOUR, MORNING
from tests.ledger_lines import decoded
from tests.small_office import VILLAGE, small_office


def enter(store, tmp_path, *, at=MORNING - HOUR, outcome="recorded", came=visits.NOT_ASKED):
    asked = TicketRequest(service="ktp_first", village=VILLAGE, request_id="paper-1", by=7, noted=at)
    return noted.enter(
        store, small_office(tmp_path), asked, outcome=outcome, random_bytes=drawn(), came=came
    )  # fmt: skip


def test_a_visit_from_paper_is_over_and_has_its_time(store, tmp_path):
    visit = visits.find(store, enter(store, tmp_path).visit)

    assert (visit.state, visit.outcome, visit.taken_t) == ("finished", "recorded", MORNING - HOUR)


def test_the_line_says_who_entered_it_and_when_it_was_noted(store, tmp_path):
    enter(store, tmp_path)
    taken = next(line["d"] for line in decoded(store) if line["k"] == "ticket.taken")

    assert (taken["by"], taken["noted"]) == (7, MORNING - HOUR)


def test_why_the_person_came_and_that_it_was_again_is_entered_from_paper_too(store, tmp_path):
    visit = visits.find(store, enter(store, tmp_path, came=visits.Came("moved", repeated=True)).visit)
    said = next(line["d"] for line in decoded(store) if line["k"] == "visit.finished")

    assert (visit.reason, visit.repeated) == (said["reason"], said["repeated"]) == ("moved", True)


def test_a_word_that_is_no_reason_is_refused_before_a_number_is_given(store, tmp_path):
    with pytest.raises(BadData, match="unknown-reason"):
        enter(store, tmp_path, came=visits.Came("Bu Siti menikah"))

    assert decoded(store) == []


def test_a_paper_that_is_entered_twice_counts_once(store, tmp_path):
    assert enter(store, tmp_path).visit == enter(store, tmp_path).visit
    assert [line["k"] for line in decoded(store)].count("visit.finished") == 1


def test_a_paper_without_a_possible_time_is_refused_and_leaves_nothing(store, tmp_path):
    for at in (MORNING + 1, MORNING - 8 * DAY, None):
        with pytest.raises(BadData, match="noted-time"):
            enter(store, tmp_path, at=at)

    assert "ticket.taken" not in [line["k"] for line in decoded(store)]


def test_a_paper_with_an_unknown_outcome_leaves_nothing(store, tmp_path):
    with pytest.raises(BadData, match="unknown-outcome"):
        enter(store, tmp_path, outcome="lost")

    assert "ticket.taken" not in [line["k"] for line in decoded(store)]


def test_a_number_from_paper_is_not_printed(store, tmp_path):
    assert enter(store, tmp_path).print == "none"


def test_a_visit_from_paper_is_called_nowhere_and_stands_in_no_line(store, tmp_path):
    enter(store, tmp_path)

    assert calls_after(store, 0) == []
    assert "ticket.called" not in [line["k"] for line in decoded(store)]


def test_a_paper_that_was_cut_off_half_way_is_no_next_in_line(store, tmp_path):
    asked = TicketRequest(service="ktp_first", village=VILLAGE, request_id="paper-1", by=7, noted=MORNING - HOUR)
    take_ticket(store, small_office(tmp_path), asked, drawn())

    assert visits.call_next(store, 1) is None
    assert visits.find(store, enter(store, tmp_path).visit).outcome == "recorded"


def test_an_officer_sees_what_they_entered_and_not_what_others_did(store, tmp_path):
    for by in (7, 8):
        name = noted.request_name(by, "one")
        asked = TicketRequest(service="kia", village=VILLAGE, request_id=name, by=by, noted=MORNING - HOUR)
        noted.enter(store, small_office(tmp_path), asked, outcome="referred", random_bytes=drawn(name))

    assert [(each.ticket, each.outcome) for each in noted.newest(store, 7, 5)] == [("C-001", "referred")]
