"""How busy today is against the last working days, what to open, and why people came."""

from __future__ import annotations

from collections import Counter
from datetime import date

import msgspec

from agent.actions import counters, notices, reports, visits, waits
from agent.actions.day import local_now, newest_day
from agent.domain import hours, surge
from agent.domain.period import Period
from agent.domain.surge import Advice, Forecast, Surge
from agent.domain.visits import HELD, WAITING
from agent.office import Office
from agent.store.database import Store

LOOKED_AT = 40  # queue days; among them are the working days that are compared


class Day(msgspec.Struct, frozen=True):
    """A queue day's label and the numbers given on it."""

    date: date
    numbers: int


class Sets(msgspec.Struct, frozen=True):
    """Recording sets that a day needs: people, minutes for each, sets; `usual` for an ordinary day."""

    people: int
    each: float
    needed: int
    usual: int


def days_before(store: Store, office: Office, today: int) -> list[Day]:
    """The working days before queue day `today` that gave numbers, newest first."""
    rows = store.rows(
        "SELECT date, (SELECT count(*) FROM visit WHERE day = queue_day.number) FROM queue_day"
        " WHERE number < ? ORDER BY number DESC LIMIT ?",
        today, LOOKED_AT,
    )  # fmt: skip
    days = [Day(date.fromisoformat(label), numbers) for label, numbers in rows]
    return [day for day in days if day.numbers and office.hours.is_working_day(day.date)][: surge.COMPARED_DAYS]


def today(store: Store, office: Office) -> Surge | None:
    """How busy the open day is; None while none is open or nothing is known to compare with."""
    day = newest_day(store)
    if day is None or not day.is_open:
        return None
    numbers = store.rows("SELECT count(*) FROM visit WHERE day = ?", day.number)[0][0]
    return surge.surge(numbers, [each.numbers for each in days_before(store, office, day.number)])


def coming(store: Store, office: Office) -> Forecast | None:
    """How many people the next working day may bring, today counted where it is over."""
    day = newest_day(store)
    if day is None:
        return None
    last = day.number if day.is_open else day.number + 1
    return surge.forecast([each.numbers for each in days_before(store, office, last)])


def lines(store: Store, office: Office) -> dict[str, Advice]:
    """What each series needs so that all who wait are served before closing."""
    now, _ = local_now(store, office)
    left = hours.minutes_left(now, office.hours)
    waiting = waiting_by_service(store)
    found = {}
    for letter in sorted({service.series for service in office.services.values()}):
        services = office.offer.by_series(letter)
        here = {service: waiting[service] for service in services if waiting[service]}
        each = {service: times.mean for service, times in waits.times(store, office, here).items()}
        found[letter] = surge.advice(here, each, serving(store, services), left)
    return found


def waiting_by_service(store: Store) -> Counter[str]:
    """Who waits now, also those put aside."""
    rows = store.rows(
        "SELECT service, count(*) FROM visit WHERE day = ? AND state IN (?, ?) GROUP BY service",
        notices.open_day(store), WAITING, HELD,
    )  # fmt: skip
    return Counter(dict(rows))


def serving(store: Store, services: tuple[str, ...]) -> int:
    """How many open counters call any of these services."""
    return sum(not each or bool(each & set(services)) for each in counters.serving(store))


def sets(store: Store, office: Office, usual: float) -> Sets:
    """Recording sets for today's people, and for a usual day of so many numbers, at the measured minutes."""
    services = office.offer.needing("set")
    marks = ", ".join("?" * len(services))
    people = store.rows(
        f"SELECT count(*), sum(service IN ({marks})) FROM visit WHERE day = ?",  # noqa: S608 — marks
        *services, visits.today(store),
    )[0]  # fmt: skip
    numbers, recording = people[0], people[1] or 0
    measured = [times.mean for times in waits.times(store, office, services).values()]
    each = surge.mean(measured)
    minutes = hours.minutes_a_day(office.hours)
    usually = round(usual * recording / numbers) if numbers else 0
    return Sets(recording, each, surge.sets_needed(recording, minutes, each), surge.sets_needed(usually, minutes, each))


def reasons(store: Store, office: Office, period: Period) -> dict[str, dict[str, int]]:
    """Why people came in a period: service → reason → visits that ended."""
    ended = Counter((row.service, row.reason) for row in reports.rows(store, office, period) if row.outcome)
    return surge.by_reason((service, reason, count) for (service, reason), count in ended.items())
