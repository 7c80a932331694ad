"""Today's visits as lists: who waits, who was called, who is put aside, who is done."""

from __future__ import annotations

import msgspec

from agent.actions import line
from agent.actions.visits import today
from agent.domain import visits
from agent.domain.waiting_line import Rules
from agent.store.database import Store


class VisitRow(msgspec.Struct, frozen=True):
    """A visit in a list: its row, name, ticket and service, and since when (ms UTC) it is as it is."""

    number: int
    visit: str
    ticket: str
    service: str
    village: str
    priority: bool
    state: str
    since: int
    counter: int | None
    calls: int
    outcome: str | None


def waiting(store: Store, services: tuple[str, ...], rules: Rules) -> list[VisitRow]:
    """Who waits for any of `services`, all when empty, in the order in which they are called."""
    found = {row.number: row for row in in_state(store, visits.WAITING, "taken_t", "number")}
    return [found[number] for number in line.in_order(store, today(store), services, rules) if number in found]


def called(store: Store) -> list[VisitRow]:
    """Who was called and is not finished yet, the newest call first."""
    return in_state(store, visits.CALLED, "called_t", "called_t DESC, number DESC")


def held(store: Store) -> list[VisitRow]:
    """Who is put aside, in the order of arrival."""
    return in_state(store, visits.HELD, "taken_t", "number")


def finished(store: Store, most: int) -> list[VisitRow]:
    """The newest that ended."""
    return in_state(store, visits.FINISHED, "finished_t", "finished_t DESC, number DESC", most)


def in_state(store: Store, state: str, since: str, order: str, most: int = 1_000) -> list[VisitRow]:
    """The visits in a state; `since` and `order` are columns."""
    rows = store.rows(
        "SELECT number, substr(ledger, -8) || '.' || n, letter || '-' || printf('%03d', place), service, village,"  # noqa: S608
        f" priority, state, {since}, counter, calls, outcome FROM visit"
        f" WHERE day = (SELECT max(number) FROM queue_day) AND state = ? ORDER BY {order} LIMIT ?",
        state, most,
    )  # fmt: skip
    return [VisitRow(*row) for row in rows]
