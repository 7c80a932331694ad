"""Visits that were written down on paper in a power cut, entered later with their time."""

from __future__ import annotations

from typing import Final

import msgspec

from agent import vault
from agent.actions import visits
from agent.actions.tickets import Ticket, TicketRequest, take_ticket
from agent.domain import visits as life
from agent.errors import BadData
from agent.office import Office
from agent.store.database import Store

NAMES: Final = "paper"  # how the requests of an officer's pages begin
OLDEST_MS: Final = 7 * 86_400_000  # older paper belongs to a week that was reported already


def enter(
    store: Store,
    office: Office,
    asked: TicketRequest,
    *,
    outcome: str,
    random_bytes: vault.RandomBytes,
    missing: tuple[str, ...] = (),
    came: visits.Came = visits.NOT_ASKED,
) -> Ticket:
    """Enter a visit that is over: `asked` has the officer in `by` and the paper's time in `noted`.

    Nobody is called: the board stays still, and no service time is measured. The same `request_id`
    enters it once; cut off in between, asking again ends it. Raises BadData `noted-time` for a time
    to come or older than a week, and what take_ticket and finish raise.
    """
    check_time(store, asked.noted)
    life.finishing_move(outcome)
    visits.check_reason(came.reason)
    ticket = take_ticket(store, office, asked, random_bytes)
    visit = visits.find(store, ticket.visit)
    if visit.state != life.FINISHED:
        visits.finish(store, ticket.visit, outcome, by=asked.by, missing=missing, came=came)
    return ticket


def check_time(store: Store, noted: int | None) -> None:
    """Raises BadData `noted-time` for a time that cannot be on the paper."""
    now = store.clock.wall_ms()
    if noted is None or not now - OLDEST_MS <= noted <= now:
        raise BadData("noted-time", "the time on the paper must lie within the last seven days", field="noted")


class Entered(msgspec.Struct, frozen=True):
    """A visit that was entered from paper; `at` is the paper's time in ms UTC."""

    visit: str
    ticket: str
    service: str
    at: int
    outcome: str


def request_name(by: int, unique: str) -> str:
    """The request id of one row of an officer's papers."""
    return f"{NAMES}-{by}-{unique}"


def newest(store: Store, by: int, most: int) -> list[Entered]:
    """What an officer entered last on the newest queue day, newest first."""
    rows = store.rows(
        "SELECT substr(ledger, -8) || '.' || n, letter || '-' || printf('%03d', place), service, taken_t, outcome"
        " FROM visit WHERE day = (SELECT max(number) FROM queue_day) AND state = ? AND request_id GLOB ?"
        " ORDER BY number DESC LIMIT ?",
        life.FINISHED, f"{NAMES}-{by}-*", most,
    )  # fmt: skip
    return [Entered(*row) for row in rows]
