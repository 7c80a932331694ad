"""A whole line is moved, taken back, listed and handed over: all of it or none, each number by a line."""

from __future__ import annotations

import pytest

from agent import vault
from agent.actions import handing, lists, moves, outreach, visits
from agent.actions.day import close_day
from agent.errors import Conflict
from tests.builders import drawn
from tests.fakes import FakeClock
from tests.ledger_lines import said
from tests.small_office import VILLAGE, sealing_office, small_office, small_store, take

NIK = "6402055708990003"


class Here:
    def __init__(self, home) -> None:
        self.store = small_store(home, FakeClock())
        self.office = small_office(home)

    def take(self, names: str, service: str = "ktp_first") -> list[str]:
        return [take(self.store, self.office, name, service=service).visit for name in names]

    def services(self, names: list[str]) -> list[str]:
        return [visits.find(self.store, name).service for name in names]

    def lines(self, kind: str) -> list[dict]:
        return said(self.store, kind)

    def listed(self, names: str = "ab", which="outreach", day: str = "") -> list:
        self.take(names)
        return lists.put_all_on_list(self.store, self.office, "ktp_first", which, day, by=7, reason="set")

    def arrive(self, number: int):
        return handing.arrived(self.store, self.office, number, 7, drawn(f"list {number}"))


@pytest.fixture
def here(tmp_path):
    made = Here(tmp_path)
    yield made
    made.store.close()


def test_a_line_is_counted_by_service_and_state(here):
    first, *_ = here.take("abc")
    here.take("k", "kia")
    moves.hold(here.store, first)

    counted = {each.service: (each.waiting, each.held) for each in moves.standings(here.store)}

    assert counted == {"ktp_first": (2, 1), "kia": (1, 0)}


def test_a_moved_line_remembers_where_it_came_from(here):
    here.take("ab")
    moves.transfer_all(here.store, here.office, "ktp_first", "kk", by=7, reason="siak")

    assert [each.came for each in moves.standings(here.store)] == [{"ktp_first": 2}]


def test_a_move_is_undone_for_those_who_came_and_for_no_others(here):
    moved, own = here.take("ab"), here.take("k", "kk")
    moves.transfer_all(here.store, here.office, "ktp_first", "kk", by=7)

    back = moves.return_all(here.store, here.office, "kk", "ktp_first", by=7)

    assert [each.name for each in back] == moved
    assert here.services([*moved, *own]) == ["ktp_first", "ktp_first", "kk"]
    assert [line["reason"] for line in here.lines("ticket.moved")[2:]] == ["back", "back"]


def test_who_was_called_meanwhile_is_not_taken_back(here):
    first, second = here.take("ab")
    moves.transfer_all(here.store, here.office, "ktp_first", "kk", by=7)
    visits.call(here.store, first, 1)
    moves.return_all(here.store, here.office, "kk", "ktp_first", by=7)

    assert here.services([first, second]) == ["kk", "ktp_first"]


def test_who_was_moved_alone_is_not_taken_back_with_a_line(here):
    (name,) = here.take("a")
    moves.transfer(here.store, here.office, name, "kk", by=7)

    assert moves.return_all(here.store, here.office, "kk", "ktp_first", by=7) == []


def test_the_reason_of_a_listed_line_is_in_each_line(here):
    here.listed()

    assert [line["reason"] for line in here.lines("ticket.listed")] == ["set", "set"]


def test_a_handed_over_date_leaves_the_list_and_others_stay(here):
    dated, other = here.listed()
    lists.set_date(here.store, here.office, dated.number, "2026-11-30", by=7)

    handed = handing.hand_over(here.store, "outreach", "2026-11-30", by=7)

    assert [each.number for each in handed] == [dated.number]
    assert [each.number for each in handing.open_places(here.store, "outreach")] == [other.number]
    assert here.lines("ticket.handed") == [{"visit": visits.find(here.store, dated.visit).n, "by": 7}]


def test_who_comes_with_a_slip_gets_one_number_however_often_it_is_asked(here):
    place, _ = here.listed("ab", "day", "2026-11-24")

    numbers = {here.arrive(place.number).visit for _ in range(3)}

    assert len(numbers) == 1
    assert [line["to"] for line in here.lines("ticket.handed")] == [visits.find(here.store, numbers.pop()).n]


def test_the_villages_own_list_keeps_who_was_handed_over_and_not_who_came(here):
    came, handed = here.listed()
    here.arrive(came.number)
    handing.hand_over(here.store, "outreach", "", by=7)

    assert [each.number for each in outreach.expected(here.store, VILLAGE)] == [handed.number]


def test_who_was_reached_in_the_village_stands_on_no_list(here):
    reached, other = here.listed()
    outreach.reached(here.store, reached.number, by=7)

    assert [each.number for each in handing.open_places(here.store, "outreach")] == [other.number]


def test_who_was_handed_over_gets_no_number_from_the_list(here):
    place, _ = here.listed()
    handing.hand_over(here.store, "outreach", "", by=7)

    with pytest.raises(Conflict, match="handed-over"):
        here.arrive(place.number)


@pytest.fixture
def sealed(tmp_path):
    """An office that may keep a NIK, with one person on the list for the village."""
    store, (office, _) = small_store(tmp_path, FakeClock()), sealing_office(tmp_path)
    visit = take(store, office, "a", nik=NIK).visit
    lists.put_on_list(store, office, visit, "outreach")
    yield store, office, visit
    store.close()


def test_a_listed_persons_nik_can_be_read_until_the_day_closes(sealed):
    store, office, visit = sealed
    take(store, office, "b", nik=NIK)
    assert vault.readable(store, visit) == {"nik": NIK}

    close_day(store, by=1)
    assert vault.readable(store, visit) is None


def test_a_handed_over_persons_nik_goes_at_once(sealed):
    store, _, visit = sealed
    handing.hand_over(store, "outreach", "", by=1)

    assert vault.readable(store, visit) is None
