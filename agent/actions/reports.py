"""Reads what reports are made of: visits of a period, and how long something was disturbed."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from agent.clock import local
from agent.domain.period import Period
from agent.domain.report import Row
from agent.office import Office
from agent.store.database import Store

_VISITS: Final = (
    "SELECT v.number, substr(v.ledger, -8) || '.' || v.n, v.letter || '-' || printf('%03d', v.place), q.date,"
    " v.service, v.village, v.priority, v.state, v.outcome, v.calls, v.counter, v.taken_t, v.called_t, v.finished_t,"
    " coalesce(v.reason, '')"
    " FROM visit v JOIN queue_day q ON q.number = v.day WHERE q.date BETWEEN ? AND ? ORDER BY v.number"
)
_FIRST_CALLS: Final = (
    "SELECT c.visit, min(c.t) FROM call c JOIN queue_day q ON q.number = c.day WHERE q.date BETWEEN ? AND ?"
    " GROUP BY c.visit"
)
HOUR_MS: Final = 3_600_000


class Outage(msgspec.Struct, frozen=True):
    """A disturbance that people were told of; `until` is None while it lasts. Times are ms UTC."""

    what: str
    services: tuple[str, ...]
    since: int
    until: int | None

    def minutes(self, now: int) -> int:
        """How long it lasted, or has lasted; 0 where a clock was set back meanwhile."""
        return max(0, ((now if self.until is None else self.until) - self.since) // 60_000)


def rows(store: Store, office: Office, period: Period) -> list[Row]:
    """Every visit of a period, in the order in which the numbers were taken."""
    span = (period.first.isoformat(), period.last.isoformat())
    first_calls = dict(store.rows(_FIRST_CALLS, *span))
    offset = offset_ms(store, office)
    return [row(each, first_calls, offset) for each in store.rows(_VISITS, *span)]


def row(values: tuple[Any, ...], first_calls: dict[int, int], offset: int) -> Row:
    """A visit of a row of _VISITS."""
    number, visit, ticket, day, service, village, priority, state, outcome, calls, counter, taken, called, done, why = (
        values
    )
    hour = (taken + offset) // HOUR_MS % 24
    return Row(
        number, visit, ticket, day, hour, service, village, bool(priority), state, outcome, calls, counter,
        taken, first_calls.get(number), called, done, why,
    )  # fmt: skip


def offset_ms(store: Store, office: Office) -> int:
    """What the office's clocks show more than UTC; Indonesia knows no summer time."""
    offset = local(store.clock.wall_ms(), office.zone).utcoffset()
    return int(offset.total_seconds() * 1000) if offset else 0


def outages(store: Store, period: Period) -> list[Outage]:
    """What people were told of on the days of a period, oldest first, by when it began."""
    opened, closed = store.rows(
        "SELECT min(opened_t), max(coalesce(closed_t, ?)) FROM queue_day WHERE date BETWEEN ? AND ?",
        store.clock.wall_ms(), period.first.isoformat(), period.last.isoformat(),
    )[0]  # fmt: skip
    if opened is None:
        return []
    found = store.rows(
        "SELECT what, services, since_t, cleared_t FROM notice"
        " WHERE since_t <= ? AND coalesce(cleared_t, ?) >= ? ORDER BY number",
        closed, closed, opened,
    )  # fmt: skip
    return [
        Outage(what, msgspec.json.decode(services, type=tuple[str, ...]), since, until)
        for what, services, since, until in found
    ]
