"""The ticket printer is asked how it stands, over every way to it, and never while it prints."""

from __future__ import annotations

import os
import pty
import threading

import pytest

from agent.actions import paper
from agent.printing import port as port_of_printer
from agent.printing.port import Port
from agent.probes import ticket_printer
from agent.settings import PrinterSettings
from tests.patience import PATIENCE
from tests.virtual_printer import AskedPrinter

FINE = {1: 0x12, 2: 0x12, 4: 0x12}
WELL = {
    "printer_online": 1.0, "printer_cover_open": 0.0, "printer_paper_out": 0.0, "printer_paper_low": 0.0,
    "printer_error": 0.0,
}  # fmt: skip


@pytest.fixture(autouse=True)
def a_patient_probe(monkeypatch):
    """Who answers is heard, however late."""
    monkeypatch.setattr(ticket_printer, "CONNECT_S", PATIENCE)
    monkeypatch.setattr(ticket_printer, "ANSWER_S", PATIENCE)


def test_a_network_printer_that_is_well_says_so(store):
    with AskedPrinter(FINE) as printer:
        assert ticket_printer.read(printer.settings, Port(), store) == WELL


def test_a_network_printer_tells_of_an_open_cover(store):
    with AskedPrinter({**FINE, 2: 0x16}) as printer:
        assert ticket_printer.read(printer.settings, Port(), store)["printer_cover_open"] == 1.0


def test_a_printer_that_is_off_is_off_line_with_the_reason(store):
    with AskedPrinter() as printer:
        settings = printer.settings
    found = ticket_printer.read(settings, Port(), store)

    assert found["printer_online"] == 0.0
    assert "refused" in found["said"]


def test_of_a_printer_that_never_answers_the_last_ticket_tells(store, monkeypatch):
    monkeypatch.setattr(ticket_printer, "ANSWER_S", 0.2)
    with store.write():
        paper.note_printer(store, "down", "no end after 12 s")
    with AskedPrinter() as printer:
        found = ticket_printer.read(printer.settings, Port(), store)

    assert found == {"printer_online": 1.0, "printer_failed": 1.0, "said": "no end after 12 s"}


def test_a_printer_behind_a_file_is_asked_through_it(store):
    here, there = pty.openpty()
    os.set_blocking(here, True)

    def answer() -> None:
        asked = b""
        while len(asked) < 9:
            asked += os.read(here, 1)
            if len(asked) % 3 == 0:
                os.write(here, b"\x12")

    threading.Thread(target=answer, daemon=True).start()
    raw(there)
    found = ticket_printer.read(PrinterSettings(kind="file", path=os.ttyname(there)), Port(), store)
    os.close(there)

    assert found == WELL


class LatePrinter:
    """A printer behind a file whose `answers` are written by a test, when it wants."""

    def __enter__(self):
        self.here, self.there = pty.openpty()
        raw(self.there)
        self.settings = PrinterSettings(kind="file", path=os.ttyname(self.there))
        return self

    def __exit__(self, *_fault) -> None:
        os.close(self.here)
        os.close(self.there)

    def read(self, store, *answers: bytes) -> dict:
        """What the probe makes of a printer that says so to one question after the other."""

        def answer() -> None:
            for words in answers:
                asked = b""
                while len(asked) < 3:
                    asked += os.read(self.here, 1)
                os.write(self.here, words)

        speaking = threading.Thread(target=answer, daemon=True)
        speaking.start()
        found = ticket_printer.read(self.settings, Port(), store)
        speaking.join(PATIENCE)
        return found


def test_an_answer_that_came_too_late_is_not_taken_for_that_to_the_next_question(store):
    with LatePrinter() as printer:
        os.write(printer.here, b"\x16")  # to a question of the round before

        assert printer.read(store, b"\x12", b"\x12", b"\x12") == WELL


def test_of_a_printer_that_answers_twice_nothing_is_believed(store):
    with LatePrinter() as printer:
        found = printer.read(store, b"\x16\x16")

    assert "printer_cover_open" not in found


def raw(handle: int) -> None:
    """A terminal that hands on bytes as they are, as a printer's port does."""
    import tty

    tty.setraw(handle)


def test_a_file_that_is_not_there_is_off_line(store, tmp_path):
    settings = PrinterSettings(kind="file", path=str(tmp_path / "lp0"))

    assert ticket_printer.read(settings, Port(), store)["printer_online"] == 0.0


def test_no_question_is_asked_while_a_ticket_is_printed(store):
    port = Port()
    with AskedPrinter(FINE) as printer:
        asked = port.printing(lambda: ticket_printer.read(printer.settings, port, store))

    assert asked is None


def test_a_ticket_does_not_wait_for_a_question_under_way(store, monkeypatch):
    monkeypatch.setattr("agent.printing.port.LONGEST_QUESTION_S", PATIENCE)
    port, begun, answers = Port(), threading.Event(), []
    with AskedPrinter() as printer:
        asking = lambda: (begun.set(), answers.append(ticket_printer.read(printer.settings, port, store)))  # noqa: E731
        question = threading.Thread(target=asking)
        question.start()
        assert begun.wait(PATIENCE)
        port.printing(lambda: None)
        question.join(PATIENCE)

    assert answers == [None]  # it broke off: no answer would be a word of the last ticket


def test_a_question_that_hangs_holds_up_a_ticket_for_two_seconds_at_most(monkeypatch):
    assert port_of_printer.LONGEST_QUESTION_S == 2
    monkeypatch.setattr(port_of_printer, "LONGEST_QUESTION_S", 0.1)
    port = Port()
    with port.asking() as free:
        assert free
        assert port.printing(lambda: "printed") == "printed"
