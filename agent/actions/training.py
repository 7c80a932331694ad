"""Practice: an invented person takes a number, and whether the officer ended the visit as the story asks."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from agent import vault
from agent.actions.day import local_now
from agent.actions.tickets import Ticket, TicketRequest, take_ticket
from agent.domain.training import Person
from agent.errors import NotFound
from agent.office import Office
from agent.store.database import Store

PREFIX = "latihan"


class Practice(msgspec.Struct, frozen=True):
    """The newest number of an invented person, how it ended, and whether that is what the story asks."""

    ticket: str
    outcome: str | None
    is_right: bool


def come(store: Store, office: Office, people: Sequence[Person], place: int, random_bytes: vault.RandomBytes) -> Ticket:
    """An invented person takes a number with an invented NIK; raises NotFound outside a training."""
    if not office.settings.training.on or not 0 <= place < len(people):
        raise NotFound("no-training", "this is no training office, or there is nobody of that number", field="person")
    person, now = people[place], local_now(store, office)[0].date()
    asked = TicketRequest(
        service=person.service if person.service in office.services else "ask",
        village=office.regions.villages[place % len(office.regions.villages)].code,
        request_id=f"{PREFIX}-{place}-{random_bytes(8).hex()}",
        nik=person.nik(place + 1, now),
        priority=person.priority,
    )
    return take_ticket(store, office, asked, random_bytes)


def practised(store: Store, people: Sequence[Person]) -> dict[int, Practice]:
    """What became of the newest number of each invented person who has one."""
    rows = store.rows(
        "SELECT request_id, letter || '-' || printf('%03d', place), outcome FROM visit"
        " WHERE request_id LIKE ? ORDER BY number",
        f"{PREFIX}-%",
    )
    found = {}
    for request_id, ticket, outcome in rows:
        place = int(request_id.split("-")[1])
        if place < len(people):
            found[place] = Practice(ticket, outcome, outcome == people[place].outcome)
    return found
