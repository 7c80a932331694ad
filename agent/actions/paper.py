"""What is to be printed, and what became of it. Paper never holds up a number."""

from __future__ import annotations

from typing import Final

import msgspec

from agent.actions import visits, waits
from agent.clock import local
from agent.domain import ticket_text
from agent.domain.regions import ZONE_NAMES
from agent.errors import Conflict
from agent.office import Office
from agent.store import ledger
from agent.store.database import Store
from agent.store.models import Visit

PENDING: Final = "pending"
PRINTED: Final = "printed"
FAILED: Final = "failed"
LATE_MS: Final = 30_000  # whoever asked has read the number from the screen and sat down
LATE_FOR_OFFICERS_MS: Final = 600_000
AGAIN_MS: Final = 60_000
AT_ONCE: Final = 100


class Unprinted(msgspec.Struct, frozen=True):
    """A number without paper whose owner still waits; `taken_t` is ms UTC."""

    visit: str
    ticket: str
    taken_t: int


def reprint(store: Store, office: Office, name: str) -> None:
    """Print a ticket once more; nudge the agent afterwards.

    Raises NotFound `unknown-visit`, Conflict `no-printer`.
    """
    if not office.prints:
        raise Conflict("no-printer", "no printer is set; set [printer] in kiosk.toml, or write the number down")
    with store.write():
        visit = visits.find(store, name)
        ask(store, visit.number)


def ask(store: Store, number: int) -> None:
    """Mark a visit's ticket as to be printed now, inside the caller's transaction."""
    store.run("UPDATE visit SET print = ?, print_t = ? WHERE number = ?", PENDING, store.clock.wall_ms(), number)


def pending() -> list[Visit]:
    """The visits whose tickets are to be printed, the oldest wish first."""
    found = Visit.select().where(Visit.print == PENDING).order_by(Visit.print_t, Visit.number).limit(AT_ONCE)
    return list(found)


def is_late(asked_t: int, now: int, *, by_officer: bool) -> bool:
    """Whether paper would come for nobody; a jump of the clock counts too. An officer waits for a whole line's."""
    return abs(now - asked_t) > (LATE_FOR_OFFICERS_MS if by_officer else LATE_MS)


def seen(state: str, asked_t: int, now: int) -> str:
    """What people are told of a paper: one that nobody prints, because the agent is down, has failed."""
    return FAILED if state == PENDING and is_late(asked_t, now, by_officer=False) else state


def may_ask_again(state: str, asked_t: int, now: int) -> bool:
    """Whether a citizen may have it printed: at once where it failed, else not twice in a minute."""
    told = seen(state, asked_t, now)
    return told == FAILED or (told != PENDING and abs(now - asked_t) >= AGAIN_MS)


def told(store: Store, visit: Visit, state: str, fault: str = "") -> None:
    """Keep what became of a visit's paper, unless it was asked for anew meanwhile."""
    with store.write():
        store.run(
            "UPDATE visit SET print = ? WHERE number = ? AND print = ? AND print_t = ?",
            state, visit.number, PENDING, visit.print_t,
        )  # fmt: skip
        note_printer(store, "ok" if state == PRINTED else "down", fault)


def note_printer(store: Store, state: str, fault: str) -> None:
    """What became of the newest paper, for the probe: the next round judges it and tells central of a change."""
    ledger.set_fact(store, "printer", f"{state} {fault}".strip())


def printer_state(store: Store) -> tuple[str, str]:
    """`ok`, `down` or `unknown`, and the last fault in a few words."""
    state, _, fault = ledger.facts(store, "printer").get("printer", "unknown").partition(" ")
    return state, fault


def unprinted(store: Store) -> list[Unprinted]:
    """Who waits today with a number that could not be printed or that nobody prints, the oldest first."""
    rows = store.rows(
        "SELECT substr(ledger, -8) || '.' || n, letter || '-' || printf('%03d', place), taken_t FROM visit"
        " WHERE day = (SELECT max(number) FROM queue_day) AND finished_t IS NULL AND (print = ? OR print = ?"
        " AND abs(? - iif(print_t, print_t, taken_t)) > ?) ORDER BY number",
        FAILED, PENDING, store.clock.wall_ms(), LATE_MS,
    )  # fmt: skip
    return [Unprinted(*row) for row in rows]


def ticket_rows(store: Store, office: Office, visit: Visit, columns: int) -> tuple[ticket_text.Row, ...]:
    """What stands on a visit's ticket, as things are now."""
    wait = waits.wait_of(store, office, visit)
    facts = ticket_text.TicketFacts(
        office=office.settings.office.name,
        regency=office.settings.office.regency,
        service=office.service_name(visit.service),
        ticket=visit.ticket,
        code=visit.code,
        taken=local(visit.taken_t, office.zone),
        zone=ZONE_NAMES.get(office.zone, office.zone),
        ahead=wait.ahead,
        wait=wait.minutes,
        notes=wait.said,
        bring=papers(office, visit.service),
        most_calls=office.line_rules.most_calls,
        priority=visit.priority,
    )
    return ticket_text.ticket_rows(facts, columns)


def papers(office: Office, service: str) -> tuple[str, ...]:
    """What to bring for a service, in Indonesian; nothing for one that is no longer offered."""
    wanted = office.services.get(service)
    if wanted is None:
        return ()
    forms = (f"Formulir {code} (tersedia di loket)" for code in wanted.forms)
    return (*(office.offer.papers[paper].id for paper in wanted.papers), *forms)
