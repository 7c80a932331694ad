"""Reads what reports are made of: the visits of a period, and every other list that a report counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from agent.actions import coverage, health, ratings, stock, told_trips
from agent.actions.coverage import Entered, Standing
from agent.actions.day import local_date
from agent.clock import HOUR_MS, MINUTE_MS, local
from agent.domain.period import ONE_DAY, Period
from agent.domain.report import Row
from agent.domain.report_books import Facts, Failure, Outage, Pieces
from agent.domain.report_cells import Beside, Goal
from agent.domain.services import LINES
from agent.office import Office
from agent.store.database import Store

_VISITS: Final = (
    "SELECT v.number, substr(v.ledger, -8) || '.' || v.n, v.letter || '-' || printf('%03d', v.place), q.date,"
    " v.service, v.village, v.priority, v.state, v.outcome, v.calls, v.counter, v.taken_t, v.called_t, v.finished_t,"
    " coalesce(v.reason, ''), v.repeated, v.trip"
    " FROM visit v JOIN queue_day q ON q.number = v.day WHERE q.date BETWEEN ? AND ? ORDER BY v.number"
)
_FIRST_CALLS: Final = (
    "SELECT c.visit, min(c.t) FROM call c JOIN queue_day q ON q.number = c.day WHERE q.date BETWEEN ? AND ?"
    " GROUP BY c.visit"
)
ALL: Final = -1  # as SQLite counts a LIMIT


def rows(store: Store, office: Office, period: Period) -> list[Row]:
    """Every visit of a period, in the order in which the numbers were taken."""
    span = (period.first.isoformat(), period.last.isoformat())
    first_calls = dict(store.rows(_FIRST_CALLS, *span))
    offset = offset_ms(store, office)
    lines = {service: line for line in LINES for service in office.offer.on_line(line)}
    places = {name: (lines.get(name, ""), service.series) for name, service in office.services.items()}
    return [row(each, first_calls, offset, places) for each in store.rows(_VISITS, *span)]


def how_many(store: Store, period: Period) -> int:
    """How many numbers were taken in a period."""
    span = (period.first.isoformat(), period.last.isoformat())
    asked = "SELECT count(*) FROM visit v JOIN queue_day q ON q.number = v.day WHERE q.date BETWEEN ? AND ?"
    return int(store.rows(asked, *span)[0][0])


def row(
    values: tuple[Any, ...], first_calls: dict[int, int], offset: int, places: Mapping[str, tuple[str, str]]
) -> Row:
    """A visit of a row of _VISITS; `places` are the line of work and the series of each service."""
    number, visit, ticket, day, service, village, priority, state, outcome, calls, counter, taken = values[:12]
    called, done, why, repeated, trip = values[12:]
    line, series = places.get(service, ("", ""))
    return Row(
        number, visit, ticket, day, (taken + offset) // HOUR_MS % 24, service, village, bool(priority), state, outcome,
        calls, counter, taken, first_calls.get(number), called, done, why, bool(repeated),
        line, trip, series,
    )  # fmt: skip


def offset_ms(store: Store, office: Office) -> int:
    """What the office's clocks show more than UTC; Indonesia knows no summer time."""
    offset = local(store.clock.wall_ms(), office.zone).utcoffset()
    return int(offset.total_seconds() * 1000) if offset else 0


def outages(store: Store, office: Office, period: Period) -> list[Outage]:
    """What people were told of on the days of a period, oldest first, by when it began."""
    now, offset = store.clock.wall_ms(), offset_ms(store, office)
    opened, closed = store.rows(
        "SELECT min(opened_t), max(coalesce(closed_t, ?)) FROM queue_day WHERE date BETWEEN ? AND ?",
        now, period.first.isoformat(), period.last.isoformat(),
    )[0]  # fmt: skip
    if opened is None:
        return []
    if period.first <= local_date(store, office) <= period.last:
        closed = now  # what began after the last number, and lasts, is no secret until tomorrow
    found = store.rows(
        "SELECT what, services, since_t, cleared_t FROM notice"
        " WHERE since_t <= ? AND coalesce(cleared_t, ?) >= ? ORDER BY number",
        closed, closed, opened,
    )  # fmt: skip
    return [outage(each, now, offset) for each in found]


def outage(values: tuple[Any, ...], now: int, offset: int) -> Outage:
    """A disturbance of a row; it lasted 0 minutes where a clock was set back meanwhile."""
    what, services, since, until = values
    minutes = max(0, ((now if until is None else until) - since) // MINUTE_MS)
    names = msgspec.json.decode(services, type=tuple[str, ...])
    return Outage(what, names, day_of(since, offset), since, until, minutes)


def failures(store: Store, office: Office, period: Period) -> list[Failure]:
    """What was down in a period, oldest first, as this machine measured; instead of it what brought it about."""
    offset = offset_ms(store, office)
    first, after = span_ms(period, offset)
    found = [each for each in reversed(health.outages(store, since=first)) if each.first_bad < after]
    causes = causes_of(store, found)
    behind = {cause for each, cause in zip(found, causes, strict=True) if each.severity == "down"}
    return [
        failure(each, offset)
        for each, cause in zip(found, causes, strict=True)
        if cause is None and (each.severity == "down" or each.code in behind)
    ]


def causes_of(store: Store, found: Sequence[health.Outage]) -> list[str | None]:
    """The code of what lies behind each of these; of one that lasts, by what stands beside it now."""
    now = {each.probe: each.explained_by for each in health.warnings(store, explained=True)}
    return [now.get(each.probe) if each.back is None else each.explained_by for each in found]


def failure(each: health.Outage, offset: int) -> Failure:
    """An outage as a report tells it."""
    name = f"{each.code} {each.probe}"
    return Failure(name, day_of(each.first_bad, offset), each.first_bad, each.back, each.for_s // 60)


def day_of(wall_ms: int, offset: int) -> str:
    """The date of a moment on the office's clocks."""
    return datetime.fromtimestamp((wall_ms + offset) / 1000, UTC).date().isoformat()


def pieces(store: Store, office: Office, period: Period, visits: Sequence[Row]) -> list[Pieces]:
    """What the stock's book says of a period, and what its visits used, in the order of time."""
    offset = offset_ms(store, office)
    moves = store.rows(
        "SELECT item, what, change, t, reason FROM stock_move WHERE t >= ? AND t < ?", *span_ms(period, offset)
    )
    # What was spoiled is a change below zero in the book, and so many pieces in a report.
    entered = [
        Pieces(item, what, -change if what == "spoiled" else change, day_of(t, offset), t, reason=reason)
        for item, what, change, t, reason in moves
    ]
    return sorted([*entered, *used(office, visits)], key=lambda each: each.t)


def used(office: Office, visits: Sequence[Row]) -> list[Pieces]:
    """What each visit used of each item, by its outcome."""
    ends = {(row.service, row.outcome) for row in visits if row.outcome}
    items = {end: uses for end in ends if (uses := used_by(office, *end))}
    return [
        Pieces(item, "used", many, row.day, row.finished_t or row.taken_t, row.ticket, row.service)
        for row in visits
        for item, many in items.get((row.service, row.outcome or ""), ())
    ]


def used_by(office: Office, service: str, outcome: str) -> list[tuple[str, int]]:
    """What a visit with such an end uses: item and pieces."""
    found = ((item, office.stock.of_one(item, service, outcome)) for item in office.stock.items)
    return [(item, many) for item, many in found if many]


def span_ms(period: Period, offset: int) -> tuple[int, int]:
    """The first moment of a period and the first after it, ms UTC."""
    days = (period.first, period.last + ONE_DAY)
    first, after = (int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000) for day in days)
    return first - offset, after - offset


def facts(store: Store, office: Office, period: Period) -> Facts:
    """Every list of a period, by the names of their books."""
    visits = rows(store, office, period)
    return {
        "visits": visits,
        "outages": outages(store, office, period),
        "machine": failures(store, office, period),
        "stock": pieces(store, office, period, visits),
        "ratings": ratings.marks(store, period),
        "coverage": figures(store, office, period),
        "trips": told_trips.told(store, period.first.isoformat(), period.last.isoformat(), most=ALL),
    }


def figures(store: Store, office: Office, period: Period) -> list[Entered]:
    """The figures that speak of a day up to the end of a period."""
    return [each for each in coverage.entries(store, office) if each.figure.snapshot <= period.last]


def beside(store: Store, office: Office, period: Period, entered: list[Entered]) -> Beside:
    """What a report says that is no list: pieces left at the end, and how coverage stands."""
    _, after = span_ms(period, offset_ms(store, office))
    left = {item: stock.left_of(store, office, item, until=after) for item in office.stock.items}
    return Beside(list(office.services), left, [goal(each) for each in coverage.standings(office, entered)])


def goal(standing: Standing) -> Goal:
    """How a measure stands, in plain numbers."""
    reached, target, progress = standing.reached, standing.target, standing.progress
    return Goal(
        standing.entered,
        None if reached is None else float(reached),
        float(target.percent) if target and progress else None,
        max(0, progress.gap) if progress else None,
    )
