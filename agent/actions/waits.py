"""How many are called before a visit, how long that may take, and how good such words were."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import takewhile
from typing import Literal

import msgspec

from agent.actions import counters, line, notices, trips
from agent.clock import MINUTE_MS, local
from agent.domain import visits, wait_estimate
from agent.domain.wait_estimate import Accuracy, Estimate, NoEstimate, Times
from agent.domain.wait_hours import by_the_clock
from agent.domain.waiting_line import Person
from agent.office import Office
from agent.store.database import Store
from agent.store.models import Visit

MEASURED = 300  # newest finished visits that are looked at
OF_EACH = 50
NEXT_NUMBER = 2**62  # above every row


Note = Literal["before-hours", "tight"]


class Wait(msgspec.Struct, frozen=True):
    """People called before somebody, and the estimate or why there is none.

    `notes` say what the estimate counts on: `before-hours` that the office opens in time, `tight` that it may
    close before.
    """

    ahead: int
    estimate: Estimate | NoEstimate
    notes: tuple[Note, ...] = ()

    @property
    def minutes(self) -> tuple[int, int] | None:
        """Lower and upper bound; None without an estimate."""
        return (self.estimate.low, self.estimate.high) if isinstance(self.estimate, Estimate) else None

    @property
    def reason(self) -> str | None:
        """Why there is no estimate; None with one."""
        return self.estimate.reason if isinstance(self.estimate, NoEstimate) else None

    @property
    def said(self) -> tuple[str, ...]:
        """The keys of all sentences beside the bounds: why there are none, or what they count on."""
        return (self.reason,) if self.reason else self.notes


def wait_of(store: Store, office: Office, visit: Visit) -> Wait:
    """The wait of a visit that has a number."""
    services, open_now = pool(store, office, visit.service)
    waiting = line.people(store, visit.day, services) if visit.state == visits.WAITING else []
    order = line.ordered(store, visit.day, waiting, services, office.line_rules)
    ahead = Counter(each.service for each in takewhile(lambda each: each.number != visit.number, order))
    return told(store, office, visit.service, ahead, open_now)


def wait_for(store: Store, office: Office, day: int, service: str, *, priority: bool = False) -> Wait:
    """The wait of somebody who would take a number now; `day` is the open day, 0 for none."""
    services, open_now = pool(store, office, service)
    ahead = None if priority else line.plain_line(store, day, services)
    if ahead is None:
        comer = Person(NEXT_NUMBER, priority, service=service)
        order = line.ordered(store, day, [*line.people(store, day, services), comer], services, office.line_rules)
        ahead = Counter(each.service for each in takewhile(lambda each: each is not comer, order))
    return told(store, office, service, ahead, open_now)


def pool(store: Store, office: Office, service: str) -> tuple[tuple[str, ...], int]:
    """The services that are called in one line with `service`, and how many counters call them.

    Where none does, those whose numbers begin with the same letter.
    """
    shared, open_now = wait_estimate.pool(service, counters.serving(store))
    return (tuple(sorted(shared)) if open_now else alike(office, service)), open_now


def alike(office: Office, service: str) -> tuple[str, ...]:
    """The services of one series; a service that was taken out of services.toml stands alone."""
    offered = office.services.get(service)
    return (service,) if offered is None else office.offer.by_series(offered.series)


def told(store: Store, office: Office, own: str, ahead: Counter[str], open_now: int) -> Wait:
    """The wait behind so many people of each service; a trip keeps hours of its own, which nobody declares."""
    each = times(store, office, {own, *ahead})
    found = wait_estimate.estimate(ahead, each, open_now, each[own])
    if trips.current(store) is not None:
        return Wait(ahead.total(), found)
    found = by_the_clock(found, local(store.clock.wall_ms(), office.zone), office.hours)
    return Wait(ahead.total(), found, notes(store, office, found))


def notes(store: Store, office: Office, found: Estimate | NoEstimate) -> tuple[Note, ...]:
    """What should be said beside an estimate."""
    if isinstance(found, NoEstimate):
        return ()
    before: tuple[Note, ...] = ("before-hours",) if notices.standing(store, office).phase == "before" else ()
    return (*before, "tight") if found.is_tight else before


def times(store: Store, office: Office, services: Iterable[str]) -> dict[str, Times]:
    """Minutes at the counter by service, measured where people were served and expected where not."""
    newest_call = store.rows("SELECT max(number) FROM call")[0][0] or 0
    return {service: times_of(store, office, service, newest_call) for service in services}


@lru_cache(maxsize=64)
def times_of(store: Store, office: Office, service: str, newest_call: int) -> Times:
    """The same of one service; worked out anew after each call, not for each number."""
    return wait_estimate.times(measured(store, newest_call).get(service, [])[:OF_EACH], expected(office, service))


@lru_cache(maxsize=1)
def measured(store: Store, _newest_call: int) -> dict[str, list[float]]:
    """The minutes of the newest served visits by service."""
    leaving = ", ".join("?" * len(visits.LEAVING))
    rows = store.rows(
        "SELECT service, (finished_t - called_t) * 1.0 / ? FROM visit WHERE finished_t IS NOT NULL"  # noqa: S608 — marks
        f" AND called_t IS NOT NULL AND outcome NOT IN ({leaving}) ORDER BY number DESC LIMIT ?",
        MINUTE_MS, *visits.LEAVING, MEASURED,
    )  # fmt: skip
    taken = defaultdict[str, list[float]](list)
    for service, minutes in rows:
        taken[service].append(minutes)
    return taken


def expected(office: Office, service: str) -> float:
    """The minutes that services.toml expects; those of `ask` for a service that is no longer offered."""
    return float(office.services.get(service, office.services["ask"]).minutes)


def accuracy(store: Store, day: int) -> Accuracy:
    """How good the estimates of a day were, by each visit's first call."""
    rows = store.rows(
        "SELECT v.promised_low, v.promised_high, (min(c.t) - v.taken_t) * 1.0 / ? FROM call c"
        " CROSS JOIN visit v ON v.number = c.visit"  # the calls of a day are few, those of a year are not
        " WHERE c.day = ? AND v.day = ? AND v.promised_low IS NOT NULL GROUP BY v.number",
        MINUTE_MS, day, day,
    )  # fmt: skip
    return wait_estimate.accuracy((low, high, waited) for low, high, waited in rows)
