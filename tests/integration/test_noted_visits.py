"""What was noted on paper in a power cut is entered once, with its time."""

from __future__ import annotations

import msgspec
import pytest

from agent.actions import noted, visits
from agent.actions.tickets import TicketRequest
from agent.errors import BadData
from agent.store import ledger
from tests.builders import drawn
from tests.fakes import DAY, HOUR, MORNING, FakeClock
from tests.small_office import VILLAGE, small_office, small_store


@pytest.fixture
def store(tmp_path):
    opened = small_store(tmp_path, FakeClock())
    yield opened
    opened.close()


def enter(store, tmp_path, *, at=MORNING - HOUR, outcome="recorded"):
    asked = TicketRequest(service="ktp_first", village=VILLAGE, request_id="paper-1", by=7, noted=at)
    return noted.enter(
        store, small_office(tmp_path), asked, counter=2, outcome=outcome, random_bytes=drawn()
    )  # fmt: skip


def lines(store):
    end = ledger.tail(store, ledger.ENROLLMENTS)
    return [msgspec.json.decode(body) for body in ledger.lines(store, end.stream, 1, end.n)]


def test_a_visit_from_paper_is_over_and_has_its_time(store, tmp_path):
    visit = visits.find(store, enter(store, tmp_path).visit)

    assert (visit.state, visit.outcome, visit.taken_t) == ("finished", "recorded", MORNING - HOUR)


def test_the_line_says_who_entered_it_and_when_it_was_noted(store, tmp_path):
    enter(store, tmp_path)
    taken = next(line["d"] for line in lines(store) if line["k"] == "ticket.taken")

    assert (taken["by"], taken["noted"]) == (7, MORNING - HOUR)


def test_a_paper_that_is_entered_twice_counts_once(store, tmp_path):
    assert enter(store, tmp_path).visit == enter(store, tmp_path).visit
    assert [line["k"] for line in lines(store)].count("visit.finished") == 1


def test_a_paper_without_a_possible_time_is_refused_and_leaves_nothing(store, tmp_path):
    for at in (MORNING + 1, MORNING - 8 * DAY, None):
        with pytest.raises(BadData, match="noted-time"):
            enter(store, tmp_path, at=at)

    assert "ticket.taken" not in [line["k"] for line in lines(store)]


def test_a_paper_with_an_unknown_outcome_leaves_nothing(store, tmp_path):
    with pytest.raises(BadData, match="unknown-outcome"):
        enter(store, tmp_path, outcome="lost")

    assert "ticket.taken" not in [line["k"] for line in lines(store)]


def test_a_number_from_paper_is_not_printed(store, tmp_path):
    assert enter(store, tmp_path).print == "none"
