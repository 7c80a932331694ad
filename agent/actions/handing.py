"""How a place on a list ends: its person came and got a number, or others look after them from now on."""

from __future__ import annotations

from agent import vault
from agent.actions import lists, visits
from agent.actions.lists import Entry, ListName
from agent.actions.tickets import Ticket, TicketRequest, take_ticket
from agent.errors import Conflict
from agent.office import Office
from agent.store import ledger
from agent.store.database import Store
from agent.wire.kinds import ListPrinted, TicketHanded

MOST_AT_ONCE = 1000


def open_places(store: Store, which: ListName) -> list[Entry]:
    """The places on a list that nobody has looked after yet: by date, village and number, those without a date last."""
    order = " ORDER BY l.date = '', l.date, l.village, l.number LIMIT 5000"
    return lists.entries(store, " WHERE l.list = ? AND l.handed_t IS NULL AND l.served_t IS NULL" + order, which)


def hand_over(store: Store, which: ListName, day: str, by: int) -> list[Entry]:
    """Hand the places of one date to those who go there or wait there, all or none; who they were."""
    with store.write():
        found = [each for each in open_places(store, which) if each.date == day][:MOST_AT_ONCE]
        for each in found:
            close(store, each, by)
    vault.tidy(store)
    return found


def printed(store: Store, which: ListName, day: str, by: int) -> dict[int, dict[str, str]]:
    """What can still be read of the people of one date, by place; that it was read is a line, and kept nowhere else."""
    found = {each.number: vault.readable(store, each.visit) for each in open_places(store, which) if each.date == day}
    known = {number: person for number, person in found.items() if person}
    if known:
        with store.write():
            ledger.append(store, ListPrinted(which, len(known), day, by))
    return known


def arrived(store: Store, office: Office, number: int, by: int, random_bytes: vault.RandomBytes) -> Ticket:
    """The person of a place is here: a number for the same service, asked twice the same one.

    Raises BadData `unknown-entry`, `unknown-service` or `unknown-village`, Conflict `handed-over`.
    """
    entry, name = lists.entry(store, number), f"list-{number}"
    given = store.rows("SELECT 1 FROM visit WHERE request_id = ?", name)
    if entry.handed_t is not None and not given:
        raise Conflict("handed-over", f"{entry.ticket} was handed over already", field="entry")
    ticket = take_ticket(store, office, wish(entry, name, by), random_bytes)
    with store.write():
        if lists.entry(store, number).handed_t is None:
            close(store, entry, by, visits.find(store, ticket.visit).n)
    return ticket


def wish(entry: Entry, name: str, by: int) -> TicketRequest:
    """The number that a place stands for."""
    return TicketRequest(service=entry.service, village=entry.village, request_id=name, by=by)


def close(store: Store, entry: Entry, by: int, to: int | None = None) -> None:
    """One place ends, inside the caller's transaction; whoever got a number is waited for nowhere else."""
    visit = visits.find(store, entry.visit)
    ledger.append(store, TicketHanded(visit.n, by, visits.other_ledger(store, visit), to))
    now = store.clock.wall_ms()
    store.run("UPDATE listing SET handed_t = ? WHERE number = ?", now, entry.number)
    if to is not None:
        store.run("UPDATE listing SET served_t = ? WHERE number = ?", now, entry.number)
