"""Absent, on hold, moved: a number keeps its place, and every move is a line."""

from __future__ import annotations

import pytest

from agent.actions import counters, line, moves, visits
from agent.actions.day import close_day
from agent.actions.tickets import find_by_code
from agent.domain.waiting_line import Rules
from agent.errors import BadData, Conflict
from agent.settings import LineSettings, PrinterSettings
from tests.fakes import FakeClock
from tests.ledger_lines import said
from tests.small_office import small_office, small_store, take


class Line:
    """An office with people in its line, each called by a letter."""

    def __init__(self, home, **sections) -> None:
        self.clock = FakeClock()
        self.store = small_store(home, self.clock)
        self.office = small_office(home, **sections)

    def take(self, letters: str, **asked) -> list[str]:
        return [take(self.store, self.office, letter, **asked).visit for letter in letters]

    def call(self, counter: int = 1, services=()):
        return visits.call_next(self.store, counter, services, rules=self.office.line_rules)

    def called(self, count: int) -> list[str]:
        return [self.call().ticket for _ in range(count)]

    def lines(self, kind: str) -> list[dict]:
        return said(self.store, kind)


@pytest.fixture
def here(tmp_path):
    line = Line(tmp_path)
    yield line
    line.store.close()


def test_an_absent_number_is_called_again_after_five_others(here):
    first, *_ = here.take("abcdefgh")
    here.call()
    moves.absent(here.store, first)

    assert here.called(7) == ["A-002", "A-003", "A-004", "A-005", "A-006", "A-001", "A-007"]


def test_an_absent_number_is_called_at_once_when_nobody_else_waits(here):
    (only,) = here.take("a")
    here.call()
    moves.absent(here.store, only)

    assert here.called(1) == ["A-001"]


def test_after_the_last_call_an_absent_number_is_a_no_show(here):
    (only,) = here.take("a")
    for _ in range(2):
        here.call()
        assert moves.absent(here.store, only).state == "waiting"
    here.call()

    assert moves.absent(here.store, only).outcome == "no_show"
    assert here.call() is None
    assert [line["outcome"] for line in here.lines("visit.finished")] == ["no_show"]


def test_how_often_and_after_how_many_is_the_offices_own(here):
    first, *_ = here.take("abc")
    here.call()
    moves.absent(here.store, first, rules=Rules(absent_after=1, most_calls=2))
    assert here.called(2) == ["A-002", "A-001"]

    assert moves.absent(here.store, first, rules=Rules(most_calls=2)).outcome == "no_show"


def test_one_number_that_is_called_again_and_again_is_one_of_the_five_others(here):
    first, *_ = here.take("abcdefgh")
    here.call()
    moves.absent(here.store, first)
    second = here.call().name
    for _ in range(4):
        visits.recall(here.store, second, 1)

    assert here.called(5) == ["A-003", "A-004", "A-005", "A-006", "A-001"]


def test_the_line_is_told_in_the_order_in_which_it_is_then_called(here):
    absent = here.take("abcd")
    here.called(4)
    for others, name in enumerate(absent, 1):
        moves.absent(here.store, name, rules=Rules(absent_after=others))
    here.take("ijkl")
    told = [visits.Visit.get_by_id(number).ticket for number in line.in_order(here.store, 1)]

    assert here.called(8) == told


def test_a_number_that_was_not_called_cannot_be_absent(here):
    (only,) = here.take("a")

    with pytest.raises(Conflict, match="illegal-move"):
        moves.absent(here.store, only)


def test_each_call_says_how_many_came_before_it(here):
    (only,) = here.take("a")
    here.call()
    moves.absent(here.store, only, by=7)
    here.call()

    assert [line.get("again", 0) for line in here.lines("ticket.called")] == [0, 1]
    assert [line["by"] for line in here.lines("ticket.absent")] == [7]


def test_a_held_number_is_not_called_and_comes_back_to_its_place(here):
    first, *_ = here.take("abc")
    moves.hold(here.store, first, by=7, reason="siak")
    assert here.called(1) == ["A-002"]

    moves.release(here.store, first)
    assert here.called(2) == ["A-001", "A-003"]


def test_a_held_number_can_be_called_by_name(here):
    first, _ = here.take("ab")
    moves.hold(here.store, first)

    assert visits.call(here.store, first, 2).state == "called"


def test_a_moved_number_keeps_its_name_and_its_place(here):
    _, second, _ = here.take("abc")
    kia = take(here.store, here.office, "k", service="kia")
    moves.transfer(here.store, here.office, second, "kia", by=7)

    assert [here.call(services=("kia",)).ticket for _ in range(2)] == ["A-002", kia.ticket]
    assert here.lines("ticket.moved")[0] | {"visit": 0} == {"visit": 0, "service": "kia", "was": "ktp_first", "by": 7}


def test_a_number_cannot_move_to_a_service_that_is_none_or_its_own(here):
    (only,) = here.take("a")

    with pytest.raises(BadData, match="unknown-service"):
        moves.transfer(here.store, here.office, only, "pasar")
    with pytest.raises(Conflict, match="same-service"):
        moves.transfer(here.store, here.office, only, "ktp_first")


def test_a_finished_number_cannot_be_moved_held_or_be_absent(here):
    (only,) = here.take("a")
    visits.finish(here.store, only, "cancelled")

    for move in (moves.absent, moves.hold, moves.release):
        with pytest.raises(Conflict, match="illegal-move"):
            move(here.store, only)


def test_all_who_wait_for_a_service_are_moved_in_one_action(here):
    here.take("abc")
    take(here.store, here.office, "k", service="kia")
    moved = moves.transfer_all(here.store, here.office, "ktp_first", "change", by=7, reason="siak")

    assert [visit.ticket for visit in moved] == ["A-001", "A-002", "A-003"]
    assert {line["reason"] for line in here.lines("ticket.moved")} == {"siak"}
    assert here.call(services=("kia",)).service == "kia"


def test_a_move_of_all_prints_new_slips(tmp_path):
    here = Line(tmp_path, printer=PrinterSettings(kind="file", path="/nowhere"))
    first, second = (take(here.store, here.office, letter) for letter in "ab")
    with here.store.write():
        here.store.run("UPDATE visit SET print = 'printed'")
    moves.transfer_all(here.store, here.office, "ktp_first", "change", by=7)

    assert {find_by_code(ticket.code).print for ticket in (first, second)} == {"pending"}
    here.store.close()


def test_all_who_wait_are_held_and_released_together(here):
    here.take("abc")
    moves.hold_all(here.store, "ktp_first", by=7, reason="set")
    assert here.call() is None

    assert len(moves.release_all(here.store, "ktp_first", by=7)) == 3
    assert here.called(3) == ["A-001", "A-002", "A-003"]


def test_a_held_number_becomes_a_no_show_when_the_day_is_closed(here):
    (only,) = here.take("a")
    moves.hold(here.store, only)
    close_day(here.store, by=1)

    assert visits.find(here.store, only).outcome == "no_show"


def test_priority_and_normal_are_merged_by_the_offices_ratio(tmp_path):
    here = Line(tmp_path, line=LineSettings(priority_ratio=1))
    here.take("ab")
    here.take("pqr", priority=True)

    assert here.called(5) == ["A-003", "A-001", "A-004", "A-002", "A-005"]
    here.store.close()


def test_the_ratio_counts_for_the_services_of_a_counter(here):
    here.take("pq", priority=True)
    take(here.store, here.office, "k", service="kk", priority=True)
    take(here.store, here.office, "n", service="kk")
    here.called(2)

    assert here.call(2, ("kk",)).priority


def test_a_counter_that_calls_is_open(here):
    here.take("a")
    here.call(3)

    assert [counter.number for counter in counters.open_counters(here.store)] == [3]


def test_a_call_shows_that_somebody_is_there_again(here):
    here.take("a")
    counters.open_counter(here.store, here.office, 1)
    counters.attend(here.store, 1)
    here.clock.forward(counters.IDLE_MS)
    before = counters.open_counters(here.store)
    here.call(1)

    assert (before, [each.number for each in counters.open_counters(here.store)]) == ([], [1])


def test_counters_are_forgotten_when_the_day_is_closed(here):
    here.take("a")
    counters.open_counter(here.store, here.office, 1)
    close_day(here.store, by=1)

    assert counters.open_counters(here.store) == []


def test_opening_and_closing_a_counter_is_said_once(here):
    for _ in range(2):
        counters.open_counter(here.store, here.office, 1, ["kk"], by=7)
    for _ in range(2):
        counters.close_counter(here.store, 1, by=7)

    assert here.lines("counter.opened") == [{"counter": 1, "services": ["kk"], "by": 7}]
    assert here.lines("counter.closed") == [{"counter": 1, "by": 7}]


def test_calls_are_told_in_their_order_from_any_of_them_on(here):
    first, _ = here.take("ab")
    here.called(2)
    visits.recall(here.store, first, 4)
    calls = line.calls_after(here.store, 0)

    assert [(call.ticket, call.counter, call.again) for call in calls] == [
        ("A-001", 1, 0),
        ("A-002", 1, 0),
        ("A-001", 4, 1),
    ]
    assert line.calls_after(here.store, calls[1].number) == calls[2:]


def test_of_many_calls_the_newest_are_told(here):
    here.take("abc")
    here.called(3)

    assert [call.ticket for call in line.calls_after(here.store, 0, most=2)] == ["A-002", "A-003"]
