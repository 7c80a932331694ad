"""Recording and updating data, each a line of work of its own: series, counters, waits and counts."""

from __future__ import annotations

import msgspec

from agent.actions import counters, notices, reports, surge, waits
from agent.actions.waits import Wait
from agent.domain import report
from agent.domain.period import Period
from agent.domain.report import Row, Spread, Summary
from agent.domain.services import LINES
from agent.office import Office
from agent.store.database import Store


class Line(msgspec.Struct, frozen=True):
    """A line of work now and in a period; `counters` are the open ones that call it.

    `wait` is that of somebody who would come now.
    """

    name: str
    series: tuple[str, ...]
    services: tuple[str, ...]
    counters: tuple[int, ...]
    waiting: int
    wait: Wait | None
    counts: Summary
    at_counter: Spread | None


def lines(store: Store, office: Office, period: Period) -> list[Line]:
    """Both lines of work."""
    rows, offer = reports.rows(store, office, period), office.offer
    return [line(store, office, name, [row for row in rows if row.service in offer.on_line(name)]) for name in LINES]


def line(store: Store, office: Office, name: str, rows: list[Row]) -> Line:
    """One line of work, with its visits of a period."""
    services = office.offer.on_line(name)
    waiting = surge.waiting_by_service(store)
    coming = waits.wait_for(store, office, notices.open_day(store), services[0]) if services else None
    return Line(
        name=name,
        series=tuple(sorted({office.services[service].series for service in services})),
        services=services,
        counters=serving(store, services),
        waiting=sum(waiting[service] for service in services),
        wait=coming,
        counts=report.summary(rows),
        at_counter=report.spread(row.served_min for row in rows),
    )


def serving(store: Store, services: tuple[str, ...]) -> tuple[int, ...]:
    """The open counters that call any of these services."""
    opened = counters.open_counters(store)
    return tuple(each.number for each in opened if not each.services or set(each.services) & set(services))
