"""What becomes of a visit, whatever the order of its lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.wire.kinds import DayOpened, DayRelabelled, TicketCalled, TicketTaken, VisitCorrected, VisitFinished
from central.visits import Fact, Visit, apply, day_label, local_date, rank

NOON_WITA = 1_795_320_000_000
TAKEN = TicketTaken(day=3, ticket="A-001", service="kia", office="64.02.05", village="outside", priority=True)


def fact(n, kind, *, depth=0):
    return Fact("ledger", n, NOON_WITA + n, rank(depth, n), kind)


def folded(*facts):
    visit = Visit("ledger", 1)
    for each in facts:
        apply(visit, each)
    return visit


LIFE = (
    fact(1, TAKEN),
    fact(4, TicketCalled(visit=1, counter=2)),
    fact(6, TicketCalled(visit=1, counter=2, again=1)),
    fact(7, VisitFinished(visit=1, outcome="failed_capture")),
    fact(9, VisitCorrected(visit=1, outcome="recorded", was="failed_capture")),
    fact(12, VisitCorrected(visit=1, outcome="referred", was="recorded"), depth=1),
)


def test_a_visit_is_what_its_lines_say():
    visit = folded(*LIFE)

    assert (visit.service, visit.ticket, visit.date, visit.taken) == ("kia", "A-001", "2026-11-22", NOON_WITA + 1)
    assert (visit.called, visit.calls) == (NOON_WITA + 4, 2)
    assert (visit.finished, visit.outcome, visit.corrected) == (NOON_WITA + 7, "referred", True)


@given(st.lists(st.sampled_from(LIFE), min_size=1, max_size=12).flatmap(st.permutations))
def test_neither_order_nor_repeats_matter(facts):
    once = {each.rank: each for each in facts}

    assert folded(*facts) == folded(*(once[key] for key in sorted(once)))


def test_of_two_outcomes_the_later_line_has_the_word():
    early, late = (
        fact(7, VisitFinished(visit=1, outcome="recorded")),
        fact(8, VisitFinished(visit=1, outcome="no_show")),
    )

    assert folded(late, early).outcome == "no_show"


def test_lines_of_a_ledger_that_goes_on_stand_after_all_of_the_old_one():
    assert rank(0, 2**53 - 1) < rank(1, 1) < rank(5000, 1) < 2**63


def test_an_event_without_its_ticket_waits_for_it():
    assert folded(LIFE[3]).taken is None


@pytest.mark.parametrize(
    ("office", "date"), [("64.02.05", "2026-11-23"), ("62.02.01", "2026-11-22"), ("91.01.01", "2026-11-23")]
)
def test_the_date_is_that_of_the_office(office, date):
    late_evening = NOON_WITA + 12 * 3_600_000 + 1_800_000  # 16:30 UTC

    assert local_date(late_evening, office) == date


@pytest.mark.parametrize("t", [-5, 0, 2**62])
def test_no_clock_is_too_wrong_for_a_date(t):
    assert len(local_date(t, "64.02.05")) == 10


def test_days_are_labelled_by_opening_and_by_relabelling():
    opened, relabelled = DayOpened(day=3, date="1970-01-01"), DayRelabelled(day=3, date="2026-11-22", was="1970-01-01")

    assert [day_label(fact(n, kind)).date for n, kind in ((1, opened), (2, relabelled))] == ["1970-01-01", "2026-11-22"]
    assert day_label(fact(3, TAKEN)) is None
