"""A ticket that is no ticket, to see whether the printer prints."""

from __future__ import annotations

from agent import requests
from agent.actions import paper, self_test
from agent.clock import local
from agent.domain import ticket_text
from agent.domain.health_rules import PRINTER
from agent.domain.regions import ZONE_NAMES
from agent.domain.ticket_text import Row
from agent.office import Office
from agent.printing.job import PrintRows, columns_of
from agent.requests import Progress
from agent.store.database import Store


def trial_rows(office: Office, now_ms: int) -> tuple[Row, ...]:
    """What stands on it: nothing that could be taken for a number."""
    moment = ticket_text.moment(local(now_ms, office.zone), ZONE_NAMES.get(office.zone, office.zone))
    said = (
        Row(f"Kantor Kecamatan {office.settings.office.name}", "title"),
        Row("KARCIS UJI", "title"),
        Row("Bukan nomor antrean.", "small"),
        Row(moment, "small"),
        Row("abcdefghijklmnopqrstuvwxyz 0123456789"),
    )
    columns = columns_of(office.settings.printer)
    return tuple(row for each in said for row in ticket_text.wrapped(each, columns))


def print_trial(store: Store, office: Office, number: int, by: int, print_rows: PrintRows) -> None:
    """Print it and answer wish `number`; what came of it is also a self-test of the printer, by officer `by`."""
    if not office.prints:
        requests.report(store, number, Progress("failed", code="no-printer", sentence="[printer] is not set"))
        return
    fault = print_rows(trial_rows(office, store.clock.wall_ms()))
    self_test.note(store, PRINTER, ok=not fault, by=by)
    with store.write():
        paper.note_printer(store, "down" if fault else "ok", fault)
    told = Progress("failed", code="printer", sentence=fault) if fault else Progress("done")
    requests.report(store, number, told)
