"""Late hand-over: counted, said by lines, printed on a sheet whose codes can be checked."""

from __future__ import annotations

import json
from itertools import pairwise

import msgspec
import pytest

from agent.actions import handover
from agent.domain import handover_sheet
from agent.jobs import watch_handover
from agent.printing.desk import print_waiting
from agent.settings import PrinterSettings
from agent.store import ledger
from tests.fakes import DAY, HOUR
from tests.wired_office import wired

office = pytest.fixture(wired)


def days_pass(office, count: int) -> None:
    """So many calendar days from a Monday morning on, with a visit each and no link."""
    for _ in range(count):
        office.ticket(nik=False)
        handover.watch(office.store, office.office)
        office.clock.forward(DAY)
    handover.watch(office.store, office.office)


def drain(office) -> None:
    while office.courier.send_next().more:
        pass


def said(office) -> list[tuple[str, str]]:
    rows = office.store.rows("SELECT body FROM line l JOIN stream s ON s.number = l.stream WHERE s.name = 'health'")
    found = [json.loads(body) for (body,) in rows]
    return [(line["d"]["was"], line["d"]["state"]) for line in found if line["d"].get("what") == "handover"]


def test_each_step_is_a_line_and_hand_over_ends_them(office) -> None:
    days_pass(office, 12)
    drain(office)
    handover.watch(office.store, office.office)

    steps = ["none", "officer", "supervisor", "sheet", "none"]
    assert said(office) == list(pairwise(steps))
    assert handover.standing(office.store, office.office).days == 0


def test_a_day_counts_from_the_hour_at_which_the_office_opens(office) -> None:
    days_pass(office, 1)
    counted = [handover.standing(office.store, office.office).days]
    for later in (23 * HOUR, 1 * HOUR):  # to seven the next morning, then to eight
        office.clock.forward(later)
        counted.append(handover.standing(office.store, office.office).days)

    assert counted == [1, 1, 2]


def test_hand_over_is_seen_at_once_without_a_look_of_the_agent(office) -> None:
    days_pass(office, 4)
    counted = handover.standing(office.store, office.office)
    drain(office)

    assert (counted.level, counted.days) == ("supervisor", 4)
    assert handover.standing(office.store, office.office).level == "none"


def test_a_sheet_is_printed_once_after_seven_working_days(office) -> None:
    asked, printed = [], []
    paper = PrinterSettings(kind="file", path="/dev/null")
    office.office.settings = msgspec.structs.replace(office.office.settings, printer=paper)
    for _ in range(12):
        office.ticket(nik=False)
        watch_handover.run(office.store, office.office, lambda: asked.append(1))
        print_waiting(office.store, office.office, lambda rows: printed.append(rows) or "")
        office.clock.forward(DAY)

    sheets = [rows for rows in printed if any("SERAH TERIMA" in row.text for row in rows)]
    assert (len(sheets), len(asked)) == (1, 1)
    assert any("7 hari kerja" in row.text for row in sheets[0])


def test_a_printer_that_fails_is_not_asked_for_ever(office) -> None:
    with office.store.write():
        ledger.set_fact(office.store, handover.SHEET, handover.PENDING)

    dealt = [print_waiting(office.store, office.office, lambda rows: "no paper") for _ in range(2)]

    assert dealt == [1, 0]


def test_the_codes_on_the_sheet_are_those_of_the_chains(office) -> None:
    office.ticket(nik=False)
    drain(office)
    office.ticket(nik=False)
    office.ticket(nik=False)
    visits = handover.sheet(office.store, office.office).streams[0]

    state = ledger.state(office.store, "enrollments")
    chains = [ledger.text_chain(ledger.chain_at(office.store, state.stream, n)) for n in (state.held, state.last)]
    assert (visits.held, visits.last, visits.count) == (state.held, state.last, 2)
    assert [visits.chain_held, visits.chain_last] == [handover_sheet.short(chain) for chain in chains]


@pytest.mark.parametrize("columns", [32, 48])
def test_the_paper_says_numbers_and_codes_within_its_width(office, columns) -> None:
    office.ticket(nik=False)
    rows = handover.sheet_rows(office.store, office.office, columns)
    text = " ".join(row.text for row in rows)

    assert max(len(row.text) for row in rows) <= columns
    assert "2 baris, nomor 1 sampai 2" in " ".join(text.split())
    assert handover.sheet(office.store, office.office).streams[0].chain_last in text
