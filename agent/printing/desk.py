"""The agent's thread that prints what waits; a dead printer holds up nothing but itself."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final

from agent.actions import handover, lists, paper
from agent.actions.lists import Entry
from agent.guard import guarded
from agent.office import Office
from agent.printing.job import PrintRows, columns_of
from agent.printing.trial import print_trial
from agent.store.database import Store
from agent.store.models import Visit

UNKNOWN_SERVICE: Final = "not printed: its service is no longer in services.toml"
LATE: Final = "not printed: it waited too long"


def print_waiting(store: Store, office: Office, print_rows: PrintRows) -> int:
    """Print every ticket, slip and sheet that waits, tickets of citizens first; how many were dealt with.

    `print_rows` says in a few words what went wrong, or nothing. What waited too long is told as
    failed and not printed: nobody stands there any more.
    """
    tickets, slips = paper.pending(), lists.pending_slips(store)
    for visit in tickets:
        fault = ticket_printed(store, office, visit, print_rows)
        paper.told(store, visit, paper.FAILED if fault else paper.PRINTED, fault)
    for slip in slips:
        fault = slip_printed(store, office, slip, print_rows)
        lists.slip_told(store, slip, paper.FAILED if fault else paper.PRINTED, fault)
    sheets = int(handover.pending_sheet(store))
    if sheets:
        handover.sheet_told(store, print_rows(handover.sheet_rows(store, office, columns_of(office.settings.printer))))
    return len(tickets) + len(slips) + sheets


def ticket_printed(store: Store, office: Office, visit: Visit, print_rows: PrintRows) -> str:
    """Print one ticket; why it was not, empty when it was."""
    asked_t = visit.print_t or visit.taken_t
    if paper.is_late(asked_t, store.clock.wall_ms(), by_officer=bool(visit.print_t)):
        return LATE
    if visit.service not in office.services:
        return UNKNOWN_SERVICE
    return print_rows(paper.ticket_rows(store, office, visit, columns_of(office.settings.printer)))


def slip_printed(store: Store, office: Office, slip: Entry, print_rows: PrintRows) -> str:
    """Print one slip; why it was not, empty when it was."""
    if paper.is_late(slip.print_t, store.clock.wall_ms(), by_officer=True):
        return LATE
    if slip.service not in office.services:
        return UNKNOWN_SERVICE
    return print_rows(lists.slip_rows(office, slip, columns_of(office.settings.printer)))


class PrintDesk:
    """Prints on a thread of its own whenever it is asked."""

    def __init__(self, store: Store, office: Office, print_rows: PrintRows) -> None:
        self.store = store
        self.office = office
        self.print_rows = print_rows
        self.trials: deque[tuple[int, int]] = deque()
        self._wake = threading.Event()
        self._stopping = False

    def ask(self) -> None:
        """There may be something to print."""
        self._wake.set()

    def try_out(self, number: int, by: str) -> None:
        """Print a test ticket for wish `number` of officer `by`; told at once where there is no printer."""
        if self.office.prints:
            self.trials.append((number, int(by or 0)))
            self.ask()
        else:
            print_trial(self.store, self.office, number, 0, self.print_rows)

    def start(self) -> None:
        """Begin, on a thread that dies with the process: a ticket cut off is printed again at the next start."""
        if self.office.prints:
            threading.Thread(target=self.run, name="printer", daemon=True).start()
            self.ask()

    def stop(self) -> None:
        """End after the ticket at hand; nobody waits for it."""
        self._stopping = True
        self._wake.set()

    def run(self) -> None:
        """Print until stopped."""
        while not self._stopping:
            self._wake.wait()
            self._wake.clear()
            guarded("printing", self.turn)

    def turn(self) -> None:
        """Print until nothing waits, test tickets first."""
        while self.trials:
            print_trial(self.store, self.office, *self.trials.popleft(), self.print_rows)
        while not self._stopping and print_waiting(self.store, self.office, self.print_rows):
            continue
