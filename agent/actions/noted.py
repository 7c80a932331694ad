"""Visits that were written down on paper in a power cut, entered later with their time."""

from __future__ import annotations

from typing import Final

from agent import vault
from agent.actions import visits
from agent.actions.tickets import Ticket, TicketRequest, take_ticket
from agent.domain import visits as life
from agent.errors import BadData
from agent.office import Office
from agent.store.database import Store

OLDEST_MS: Final = 7 * 86_400_000  # older paper belongs to a week that was reported already


def enter(
    store: Store,
    office: Office,
    asked: TicketRequest,
    *,
    counter: int,
    outcome: str,
    random_bytes: vault.RandomBytes,
    missing: tuple[str, ...] = (),
) -> Ticket:
    """Enter a visit that is over: `asked` has the officer in `by` and the paper's time in `noted`.

    The same `request_id` enters it once; cut off in between, asking again ends it. Raises BadData
    `noted-time` for a time to come or older than a week, and what take_ticket and finish raise.
    """
    check_time(store, asked.noted)
    life.finishing_move(outcome)
    ticket = take_ticket(store, office, asked, random_bytes)
    visit = visits.find(store, ticket.visit)
    if visit.state == life.WAITING:
        visits.call(store, ticket.visit, counter, asked.by)
    if visit.state != life.FINISHED:
        visits.finish(store, ticket.visit, outcome, by=asked.by, missing=missing)
    return ticket


def check_time(store: Store, noted: int | None) -> None:
    """Raises BadData `noted-time` for a time that cannot be on the paper."""
    now = store.clock.wall_ms()
    if noted is None or not now - OLDEST_MS <= noted <= now:
        raise BadData("noted-time", "the time on the paper must lie within the last seven days", field="noted")
