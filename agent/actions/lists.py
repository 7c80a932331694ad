"""Places on a list: another day at the office, or a visit to the village. Ticket, code, service, village, date."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Literal

import msgspec

from agent import vault
from agent.actions import tickets, visits
from agent.actions.day import local_date
from agent.actions.moves import change, waiting_for
from agent.actions.paper import PENDING, PRINTED, note_printer, papers
from agent.actions.tickets import TicketRequest
from agent.domain import ticket_text
from agent.domain.hours import next_working_day
from agent.errors import BadData
from agent.office import OUTSIDE, UNKNOWN, Office
from agent.store import ledger
from agent.store.database import Store
from agent.store.models import Visit
from agent.wire.kinds import TicketListed, VisitFinished

ListName = Literal["day", "outreach"]
OUTREACH: Final = "outreach"
TITLES: Final[dict[str, str]] = {"day": "Janji datang lain hari", "outreach": "Daftar jemput bola"}
LISTED: Final = "referred"
FURTHEST_DAYS: Final = 366  # a year further on is a slip of the finger
_ENTRY: Final = (
    "SELECT l.number, substr(v.ledger, -8) || '.' || v.n, v.letter || '-' || printf('%03d', v.place), v.code,"
    " l.list, l.service, l.village, l.date, l.made_t, l.print, l.print_t, l.handed_t"
    " FROM listing l JOIN visit v ON v.number = l.visit"
)


class Entry(msgspec.Struct, frozen=True):
    """A place on a list; `date` is YYYY-MM-DD or empty until it is fixed; times are ms UTC, `handed_t` of the end."""

    number: int
    visit: str
    ticket: str
    code: str
    list: str
    service: str
    village: str
    date: str
    made_t: int
    print: str
    print_t: int
    handed_t: int | None


def put_on_list(store: Store, office: Office, name: str, which: ListName, day: str = "", by: int = 0) -> Entry:
    """Give a waiting or called number a place on a list and end its visit as referred; asked again, the same place.

    Raises NotFound, BadData `unknown-list` or `list-date`, Conflict `illegal-move`.
    """
    check(store, office, which, day)
    with store.write():
        visit = visits.find(store, name)
        return place_of(store, visit) or put(store, office, visit, which, day=day, by=by)


def take_place(
    store: Store,
    office: Office,
    asked: TicketRequest,
    which: ListName,
    day: str,
    random_bytes: vault.RandomBytes,
) -> Entry:
    """A number that goes to a list at once, both or neither; the same request has the same place.

    Today's quota does not count: the place is for another day. Raises BadData as `put_on_list` and
    `take_ticket` do, also `unknown-village` where nobody could be visited; Conflict `request-id-reused`.
    """
    check(store, office, which, day)
    if which == OUTREACH and asked.village in (OUTSIDE, UNKNOWN):
        raise BadData("unknown-village", "outreach goes to a village of this office", field="village")
    with store.write():
        visit = tickets.find_request(store, asked.request_id)
        if visit is None:
            visit, _ = tickets.give(store, office, asked, random_bytes, limited=False)
        tickets.check_same(visit, asked)
        return place_of(store, visit) or put(store, office, visit, which, day=day, by=asked.by)


def place_of(store: Store, visit: Visit) -> Entry | None:
    """The place on a list that a visit was given; None where it was given none."""
    known = entries(store, " WHERE l.visit = ?", visit.number)
    return known[0] if known else None


def put_all_on_list(
    store: Store, office: Office, service: str, which: ListName, day: str = "", by: int = 0, reason: str = ""
) -> list[Entry]:
    """Give everybody who waits for a service a place on a list, all or nobody; raises as `put_on_list` does."""
    check(store, office, which, day)
    office.check_service(service)
    with store.write():
        waiting = waiting_for(visits.today(store), service)
        return [put(store, office, visit, which, day=day, by=by, reason=reason) for visit in waiting]


def check(store: Store, office: Office, which: str, day: str) -> None:
    """Raises BadData for a list there is none of, or a day on which nobody is served."""
    if which not in TITLES:
        raise BadData("unknown-list", f"a list is one of {', '.join(TITLES)}", field="list")
    if not day and which == OUTREACH:
        return
    try:
        wanted = date.fromisoformat(day)
    except ValueError as fault:
        raise BadData("list-date", "a date such as 2026-11-30 is needed", field="date") from fault
    ahead = (wanted - local_date(store, office)).days
    served = which == OUTREACH or office.hours.is_working_day(wanted)
    if not 0 <= ahead <= FURTHEST_DAYS or not served:
        raise BadData("list-date", f"choose a working day within the next {FURTHEST_DAYS} days", field="date")


def next_day(store: Store, office: Office) -> str:
    """The next working day, YYYY-MM-DD; empty where the settings know none within 60 days."""
    today = local_date(store, office)
    found = next_working_day(today, office.hours)
    return found.isoformat() if found else ""


def put(store: Store, office: Office, visit: Visit, which: str, *, day: str, by: int, reason: str = "") -> Entry:
    """One place on a list, inside the caller's transaction: both lines and the row, or nothing."""
    now = store.clock.wall_ms()
    paper = "none" if visit.print == PENDING else visit.print  # the slip takes the place of a ticket not printed yet
    change(visit, "list", outcome=LISTED, finished_t=now, print=paper)
    of = visits.other_ledger(store, visit)
    ledger.append(store, TicketListed(visit.n, which, visit.service, visit.village, day, by, of, reason))
    ledger.append(store, VisitFinished(visit.n, LISTED, by, of=of))
    store.run(
        "INSERT INTO listing (visit, list, service, village, date, made_t, print, print_t)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        visit.number, which, visit.service, visit.village, day, now, PENDING if office.prints else "none", now,
    )  # fmt: skip
    return entries(store, " WHERE l.visit = ?", visit.number)[0]


def set_date(store: Store, office: Office, number: int, day: str, by: int) -> Entry:
    """Fix or change the date of a place, by a line; raises BadData `unknown-entry` or `list-date`."""
    known = entry(store, number)
    check(store, office, known.list, day)
    with store.write():
        visit = visits.find(store, known.visit)
        of = visits.other_ledger(store, visit)
        ledger.append(store, TicketListed(visit.n, known.list, visit.service, visit.village, day, by, of))
        store.run("UPDATE listing SET date = ? WHERE number = ?", day, number)
    return msgspec.structs.replace(known, date=day)


def entry(store: Store, number: int) -> Entry:
    """One place by its number; raises BadData `unknown-entry`."""
    known = entries(store, " WHERE l.number = ?", number)
    if not known:
        raise BadData("unknown-entry", f"there is no place {number} on a list", field="entry")
    return known[0]


def entries(store: Store, condition: str, *values: Any) -> list[Entry]:
    """Places by an SQL condition of ours."""
    return [Entry(*row) for row in store.rows(_ENTRY + condition, *values)]


def pending_slips(store: Store) -> list[Entry]:
    """The places whose slips are to be printed, the oldest wish first."""
    return entries(store, " WHERE l.print = ? ORDER BY l.print_t, l.number LIMIT 100", PENDING)


def reprint_slip(store: Store, number: int) -> None:
    """Print a slip once more; nudge the agent afterwards."""
    with store.write():
        now = store.clock.wall_ms()
        store.run("UPDATE listing SET print = ?, print_t = ? WHERE number = ?", PENDING, now, number)


def slip_told(store: Store, entry: Entry, state: str, fault: str = "") -> None:
    """Keep what became of a slip, unless it was asked for anew meanwhile."""
    with store.write():
        store.run(
            "UPDATE listing SET print = ? WHERE number = ? AND print = ? AND print_t = ?",
            state, entry.number, PENDING, entry.print_t,
        )  # fmt: skip
        note_printer(store, "ok" if state == PRINTED else "down", fault)


def slip_rows(office: Office, entry: Entry, columns: int) -> tuple[ticket_text.Row, ...]:
    """What stands on a slip."""
    village = None if entry.village in (OUTSIDE, UNKNOWN) else office.regions.village(entry.village)
    facts = ticket_text.SlipFacts(
        office=office.settings.office.name,
        service=office.service_name(entry.service),
        ticket=entry.ticket,
        code=entry.code,
        title=TITLES[entry.list],
        village=village.name if village else "",
        date=ticket_text.day(date.fromisoformat(entry.date)) if entry.date else "",
        bring=papers(office, entry.service),
    )
    return ticket_text.slip_rows(facts, columns)
