"""The agent's thread that prints what waits; a dead printer holds up nothing but itself."""

from __future__ import annotations

import threading
from typing import Final

from agent.actions import paper
from agent.guard import guarded
from agent.office import Office
from agent.printing.job import PrintRows, columns_of
from agent.store.database import Store
from agent.store.models import Visit

UNKNOWN_SERVICE: Final = "not printed: its service is no longer in services.toml"
LATE: Final = "not printed: it waited too long"


def print_waiting(store: Store, office: Office, print_rows: PrintRows) -> int:
    """Print every ticket that waits, the oldest first; how many were dealt with.

    `print_rows` says in a few words what went wrong, or nothing. What waited too long is told as
    failed and not printed: nobody stands there any more.
    """
    waiting = paper.pending()
    for visit in waiting:
        print_one(store, office, visit, print_rows)
    return len(waiting)


def print_one(store: Store, office: Office, visit: Visit, print_rows: PrintRows) -> None:
    """Print one ticket and keep what became of it."""
    if paper.is_late(visit, store.clock.wall_ms()):
        paper.told(store, visit, paper.FAILED, LATE)
        return
    if visit.service not in office.services:
        paper.told(store, visit, paper.FAILED, UNKNOWN_SERVICE)  # and the next ones go on
        return
    fault = print_rows(paper.ticket_rows(store, office, visit, columns_of(office.settings.printer)))
    paper.told(store, visit, paper.FAILED if fault else paper.PRINTED, fault)


class PrintDesk:
    """Prints on a thread of its own whenever it is asked."""

    def __init__(self, store: Store, office: Office, print_rows: PrintRows) -> None:
        self.store = store
        self.office = office
        self.print_rows = print_rows
        self._wake = threading.Event()
        self._stopping = False

    def ask(self) -> None:
        """There may be something to print."""
        self._wake.set()

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
        """Print until nothing waits."""
        while not self._stopping and print_waiting(self.store, self.office, self.print_rows):
            continue
