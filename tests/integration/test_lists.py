"""A place on a list: ticket, code, service, village and date; nothing else, and a slip on paper."""

from __future__ import annotations

import pytest

from agent.actions import lists, visits
from agent.actions.handing import open_places
from agent.errors import BadData, Conflict
from agent.printing.desk import print_waiting
from agent.settings import PrinterSettings
from tests.fakes import FakeClock
from tests.ledger_lines import decoded
from tests.small_office import VILLAGE, small_office, small_store, take


class Here:
    """An office with a printer that is a list of papers."""

    def __init__(self, home) -> None:
        self.clock = FakeClock()
        self.store = small_store(home, self.clock)
        self.office = small_office(home, printer=PrinterSettings(kind="file", path="/nowhere"))
        self.papers: list[list[str]] = []

    def take(self, name: str = "a", **asked) -> str:
        return take(self.store, self.office, name, **asked).visit

    def put(self, visit: str, which="outreach", day="", by=0):
        return lists.put_on_list(self.store, self.office, visit, which, day, by)

    def print_all(self, fault: str = "") -> None:
        def keep(rows) -> str:
            self.papers.append([row.text for row in rows])
            return fault

        print_waiting(self.store, self.office, keep)

    def lines(self) -> list[dict]:
        return decoded(self.store)


@pytest.fixture
def here(tmp_path):
    made = Here(tmp_path)
    yield made
    made.store.close()


def test_a_place_for_the_village_needs_no_date_yet(here):
    entry = here.put(here.take())

    assert (entry.list, entry.service, entry.village, entry.date) == ("outreach", "ktp_first", VILLAGE, "")


def test_a_place_ends_the_visit_as_referred_and_is_a_line(here):
    visit = here.take()
    here.put(visit, by=7)

    assert visits.find(here.store, visit).outcome == "referred"
    assert [line["k"] for line in here.lines()][-2:] == ["ticket.listed", "visit.finished"]
    assert here.lines()[-2]["d"] | {"visit": 0} == {
        "visit": 0, "list": "outreach", "service": "ktp_first", "village": VILLAGE, "by": 7,
    }  # fmt: skip


def test_asked_twice_it_is_the_same_place(here):
    visit = here.take()

    assert here.put(visit).number == here.put(visit).number
    assert [line["k"] for line in here.lines()].count("ticket.listed") == 1


def test_a_list_holds_nothing_personal(here):
    assert set(lists.Entry.__struct_fields__) == {
        "number",
        "visit",
        "ticket",
        "code",
        "list",
        "service",
        "village",
        "date",
        "made_t",
        "print",
        "print_t",
        "handed_t",
    }


def test_a_finished_visit_gets_no_place(here):
    visit = here.take()
    visits.finish(here.store, visit, "cancelled")

    with pytest.raises(Conflict, match="illegal-move"):
        here.put(visit)


@pytest.mark.parametrize(("which", "day"), [
    ("day", ""), ("day", "soon"), ("day", "2026-11-20"), ("day", "2026-11-28"), ("outreach", "2026-11-20"),
    ("day", "9999-12-31"), ("outreach", "2027-11-25"),
])  # fmt: skip
def test_a_day_that_cannot_be_is_refused_and_the_number_waits_on(here, which, day):
    visit = here.take()

    with pytest.raises(BadData, match="list-date"):
        here.put(visit, which, day)
    assert visits.find(here.store, visit).state == "waiting"


def test_an_unknown_list_is_refused(here):
    with pytest.raises(BadData, match="unknown-list"):
        here.put(here.take(), "someday")


def test_outreach_may_be_on_a_saturday(here):
    assert here.put(here.take(), "outreach", "2026-11-28").date == "2026-11-28"


def test_a_date_can_be_fixed_later_and_is_a_line(here):
    entry = here.put(here.take())
    lists.set_date(here.store, here.office, entry.number, "2026-11-30", by=7)

    assert [(each.number, each.date) for each in open_places(here.store, "outreach")] == [(entry.number, "2026-11-30")]
    assert here.lines()[-1]["d"]["date"] == "2026-11-30"


def test_the_date_of_no_place_cannot_be_fixed(here):
    with pytest.raises(BadData, match="unknown-entry"):
        lists.set_date(here.store, here.office, 9, "2026-11-30", by=7)


def test_everybody_who_waits_for_a_service_gets_a_place_in_one_action(here):
    names = [here.take(letter) for letter in "abc"]
    other = here.take("k", service="kia")
    placed = lists.put_all_on_list(here.store, here.office, "ktp_first", "day", "2026-11-24", by=7)

    assert [entry.visit for entry in placed] == names
    assert visits.find(here.store, other).state == "waiting"


def test_a_list_is_in_the_order_of_villages(here):
    for name, village in (("a", "64.02.05.2003"), ("b", "64.02.05.2001"), ("c", "64.02.05.2003")):
        here.put(here.take(name, village=village))

    assert [entry.ticket for entry in open_places(here.store, "outreach")] == ["A-002", "A-001", "A-003"]


def test_the_slip_says_the_date_the_village_and_the_code(here):
    entry = here.put(here.take(), "day", "2026-11-24")
    here.print_all()
    slip = "\n".join(here.papers[-1])

    assert "JANJI DATANG LAIN HARI" in slip
    assert "Tanggal: 24 November 2026" in slip
    assert here.office.regions.village(VILLAGE).name in slip
    assert entry.code in slip


def test_slips_are_printed_after_tickets_and_once(here):
    here.put(here.take("a"))
    here.take("b")
    for _ in range(2):
        here.print_all()

    assert ["DAFTAR JEMPUT BOLA" in paper for paper in here.papers] == [False, True]


def test_a_slip_that_failed_can_be_printed_again(here):
    entry = here.put(here.take())
    here.print_all("off")
    assert open_places(here.store, "outreach")[0].print == "failed"

    lists.reprint_slip(here.store, entry.number)
    here.print_all()
    assert open_places(here.store, "outreach")[0].print == "printed"


def test_a_whole_lines_slips_are_printed_however_long_that_takes(here):
    for letter in "abc":
        here.take(letter)
    here.print_all()
    lists.put_all_on_list(here.store, here.office, "ktp_first", "outreach", by=7)
    here.clock.forward(300_000)
    here.print_all()

    assert {entry.print for entry in open_places(here.store, "outreach")} == {"printed"}
