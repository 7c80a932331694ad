"""A ticket comes out of a printer, or its number stays to be seen; neither holds up anything."""

from __future__ import annotations

import os
import socket
import threading
from functools import partial

import pytest

from agent.actions import paper
from agent.actions.tickets import find_by_code
from agent.actions.visits import finish
from agent.domain.ticket_text import Row
from agent.errors import Conflict
from agent.printing import job
from agent.printing.desk import PrintDesk, print_waiting
from agent.printing.job import columns_of
from agent.settings import LineSettings, PrinterSettings
from agent.settings_values import address
from tests.escpos_reader import read_paper, read_qr
from tests.fakes import FakeClock
from tests.patience import PATIENCE
from tests.small_office import small_office, small_store, take
from tests.virtual_printer import VirtualPrinter

ROWS = (Row("NOMOR ANTREAN", "title"), Row("A-001", "number"), Row("abcdefghj", "qr"))
escpos = pytest.mark.needs("escpos")
print_rows = partial(job.print_rows, longest_s=PATIENCE)  # a child that begins late has not hung


def network(where: str, width_mm: int = 80) -> PrinterSettings:
    return PrinterSettings(kind="network", address=address(where), width_mm=width_mm)


class Office:
    """An office with a printer that is a function."""

    def __init__(self, home) -> None:
        self.clock = FakeClock()
        self.store = small_store(home, self.clock)
        self.office = small_office(home, printer=PrinterSettings(kind="file", path="/nowhere"))
        self.printed: list[str] = []
        self.fault = ""

    def print_rows(self, rows) -> str:
        if not self.fault:
            self.printed += [row.text for row in rows if row.style == "number"]
        return self.fault

    def take(self, name: str = "a"):
        return take(self.store, self.office, name)

    def print_all(self) -> int:
        return print_waiting(self.store, self.office, self.print_rows)

    def state(self, code: str) -> str:
        return find_by_code(code).print


@pytest.fixture
def here(tmp_path):
    office = Office(tmp_path)
    yield office
    office.store.close()


def test_a_new_ticket_waits_for_its_paper_and_gets_it(here):
    ticket = here.take()

    assert ticket.print == "pending"
    assert here.print_all() == 1
    assert (here.printed, here.state(ticket.code)) == ([ticket.ticket], "printed")


def test_a_ticket_is_printed_once(here):
    here.take()
    here.print_all()

    assert here.print_all() == 0
    assert len(here.printed) == 1


def test_tickets_come_in_the_order_in_which_they_were_taken(here):
    taken = [here.take(name).ticket for name in "abc"]
    here.print_all()

    assert here.printed == taken


def test_a_number_that_could_not_be_printed_stays_to_be_seen(here):
    ticket, here.fault = here.take(), "no paper"
    here.print_all()

    assert here.state(ticket.code) == "failed"
    assert [number.ticket for number in paper.unprinted(here.store)] == [ticket.ticket]
    assert paper.printer_state(here.store) == ("down", "no paper")


def test_a_number_that_nobody_prints_is_listed_once_it_is_late(here):
    ticket = here.take()
    assert paper.unprinted(here.store) == []

    here.clock.forward(paper.LATE_MS + 1)

    assert [number.ticket for number in paper.unprinted(here.store)] == [ticket.ticket]


def test_a_reprint_that_nobody_makes_is_listed_once_it_is_late(here):
    ticket = here.take()
    here.print_all()
    here.clock.forward(paper.AGAIN_MS)
    paper.reprint(here.store, here.office, ticket.visit)
    assert paper.unprinted(here.store) == []

    here.clock.forward(paper.LATE_MS + 1)

    assert [number.ticket for number in paper.unprinted(here.store)] == [ticket.ticket]


def test_an_unprinted_number_leaves_the_list_when_its_visit_ends(here):
    ticket, here.fault = here.take(), "no paper"
    here.print_all()
    finish(here.store, ticket.visit, "cancelled")

    assert paper.unprinted(here.store) == []


def test_a_failed_ticket_is_not_printed_by_itself_when_the_printer_is_back(here):
    ticket, here.fault = here.take(), "off"
    here.print_all()
    here.fault = ""

    assert here.print_all() == 0
    assert here.state(ticket.code) == "failed"


def test_a_failed_ticket_can_be_printed_again(here):
    ticket, here.fault = here.take(), "off"
    here.print_all()
    here.fault = ""
    here.clock.forward(600_000)
    paper.reprint(here.store, here.office, ticket.visit)
    here.print_all()

    assert (here.printed, here.state(ticket.code)) == ([ticket.ticket], "printed")
    assert paper.printer_state(here.store) == ("ok", "")


@pytest.mark.parametrize("step", [paper.LATE_MS + 1, -86_400_000])
def test_paper_that_would_come_for_nobody_is_not_printed(here, step):
    ticket = here.take()
    here.clock.step_to(here.clock.wall + step)
    here.print_all()

    assert (here.printed, here.state(ticket.code)) == ([], "failed")


def test_a_wish_during_printing_is_not_lost(here):
    ticket = here.take()

    def interrupted(rows) -> str:
        here.clock.forward(1)
        paper.reprint(here.store, here.office, ticket.visit)
        return here.print_rows(rows)

    print_waiting(here.store, here.office, interrupted)

    assert here.state(ticket.code) == "pending"


def test_what_became_of_the_newest_paper_is_kept_for_the_probe(here):
    here.fault = "off"
    here.take("a")
    here.print_all()

    assert paper.printer_state(here.store) == ("down", "off")


def test_without_a_printer_there_is_nothing_to_reprint(here, tmp_path):
    ticket = here.take()

    with pytest.raises(Conflict, match="no-printer"):
        paper.reprint(here.store, small_office(tmp_path), ticket.visit)


def test_without_a_printer_a_ticket_waits_for_no_paper(here, tmp_path):
    assert take(here.store, small_office(tmp_path), "z").print == "none"


def test_a_printer_that_hangs_does_not_hold_up_who_asks(here):
    hanging, go_on = threading.Event(), threading.Event()

    def hang(rows) -> str:
        hanging.set()
        go_on.wait(PATIENCE)
        return "off"

    desk = PrintDesk(here.store, here.office, hang)
    ticket = here.take()
    desk.start()

    assert hanging.wait(PATIENCE)
    desk.ask()  # answered at once
    assert here.take("b").ticket != ticket.ticket
    desk.stop()
    go_on.set()


def test_a_ticket_for_a_service_that_was_taken_away_holds_up_no_other(here):
    first, second = here.take("a"), here.take("b")
    with here.store.write():
        here.store.run("UPDATE visit SET service = 'gone' WHERE code = ?", first.code)
    here.print_all()

    assert (here.state(first.code), here.state(second.code)) == ("failed", "printed")


def test_a_ticket_says_what_the_office_set_and_its_service_needs(here, tmp_path):
    office = small_office(tmp_path, line=LineSettings(most_calls=2))
    rows = paper.ticket_rows(here.store, office, find_by_code(here.take().code), 80)
    said = "\n".join(row.text for row in rows)

    assert "paling banyak 2 kali" in said
    assert "tidak ada loket yang buka" in said
    assert "- Fotokopi Kartu Keluarga" in said
    assert "- Formulir F-1.02 (tersedia di loket)" in said


@escpos
@pytest.mark.parametrize("width_mm", [58, 80])
def test_the_paper_of_a_network_printer_shows_the_ticket(here, width_mm):
    ticket = here.take()
    with VirtualPrinter() as printer:
        settings = network(printer.address, width_mm)
        rows = paper.ticket_rows(here.store, here.office, find_by_code(ticket.code), columns_of(settings))
        assert print_rows(settings, rows) == ""
        assert printer.done.wait(PATIENCE)
    shown = read_paper(printer.papers[-1])

    assert [row.text for row in shown.rows if row.text] == [row.text for row in rows if row.style != "qr"]
    assert shown.cuts == 1


@escpos
@pytest.mark.parametrize("width_mm", [58, 80])
def test_the_number_is_the_largest_that_fits_and_the_code_can_be_scanned(width_mm):
    with VirtualPrinter() as printer:
        assert print_rows(network(printer.address, width_mm), ROWS) == ""
        assert printer.done.wait(PATIENCE)
    shown = read_paper(printer.papers[-1])
    number = next(row for row in shown.rows if row.text == "A-001")

    assert (number.width, number.height) == ({58: 6, 80: 8}[width_mm],) * 2
    assert number.bold
    assert read_qr(shown.pictures[0]) == "abcdefghj"


@escpos
def test_a_printer_that_answers_is_believed_when_it_is_through():
    with VirtualPrinter(answers=True) as printer:
        assert print_rows(network(printer.address), ROWS) == ""


@escpos
def test_a_printer_without_paper_is_not_sent_the_ticket():
    with VirtualPrinter(answers=False) as printer:
        assert "no paper" in print_rows(network(printer.address), ROWS)
        assert printer.done.wait(PATIENCE)

    assert printer.papers == [b""]


@escpos
def test_a_printer_that_falls_silent_in_the_middle_has_failed():
    with VirtualPrinter(answers=True, jams=True) as printer:
        assert "stopped in the middle" in print_rows(network(printer.address), ROWS)


@escpos
def test_a_printer_that_is_off_has_failed():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]

    assert "refused" in print_rows(network(f"127.0.0.1:{port}"), ROWS)


@escpos
def test_a_file_printer_gets_the_same_paper(tmp_path):
    device = tmp_path / "lp0"
    device.touch()

    assert print_rows(PrinterSettings(kind="file", path=str(device)), ROWS) == ""
    assert read_qr(read_paper(device.read_bytes()).pictures[0]) == "abcdefghj"


@escpos
def test_an_unplugged_file_printer_has_failed_and_no_file_is_made(tmp_path):
    device = tmp_path / "lp0"

    assert "plugged in" in print_rows(PrinterSettings(kind="file", path=str(device)), ROWS)
    assert not device.exists()


@escpos
def test_a_usb_printer_that_is_not_there_has_failed():
    assert print_rows(PrinterSettings(kind="usb", usb="04b8:0e15"), ROWS) != ""


def test_a_child_that_hangs_is_ended(tmp_path):
    device = tmp_path / "lp0"
    os.mkfifo(device)  # opening it waits for a reader who never comes

    assert "no end after" in print_rows(PrinterSettings(kind="file", path=str(device)), ROWS, longest_s=2)
