"""Practice: an invented person takes a number, and whether the officer ended the visit as the story asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from agent import vault
from agent.actions.day import local_date
from agent.actions.tickets import Ticket, TicketRequest, take_ticket
from agent.domain.training import Person
from agent.errors import NotFound, UsageError
from agent.office import Office
from agent.store import ledger
from agent.store.database import Store

if TYPE_CHECKING:
    from agent.settings import KioskSettings

PREFIX = "latihan"
MARK: Final = "training"


class Practice(msgspec.Struct, frozen=True):
    """The newest number of an invented person, how it ended, and whether that is what the story asks."""

    ticket: str
    outcome: str | None
    is_right: bool


def settle(store: Store, settings: KioskSettings) -> None:
    """Mark a new training's database as one for good; raises UsageError `training` where database and settings differ.

    So neither a setting that was taken out nor a database that was copied makes practice count, and a setting that
    was put into a real office's file does not let practice into its streams.
    """
    marked = MARK in ledger.facts(store, MARK)
    if marked and not settings.training.on:
        raise UsageError("training", "this database is of a training; what was practised is never sent", field="config")
    if settings.training.on and not marked:
        if store.rows("SELECT 1 FROM visit LIMIT 1"):
            sentence = "these visits were no practice; `rekam training --fresh` makes a training beside the office"
            raise UsageError("training", sentence, field="training.on")
        with store.write():
            ledger.set_fact(store, MARK, "1")


def come(store: Store, office: Office, people: Sequence[Person], place: int, random_bytes: vault.RandomBytes) -> Ticket:
    """An invented person takes a number with an invented NIK; raises NotFound outside a training."""
    if not office.settings.training.on or not 0 <= place < len(people):
        raise NotFound("no-training", "this is no training office, or there is nobody of that number", field="person")
    person, now = people[place], local_date(store, office)
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
