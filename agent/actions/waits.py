"""How many are called before a visit, how long that may take, and how good such words were."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import msgspec

from agent.actions import counters, line
from agent.domain import visits, wait_estimate
from agent.domain.wait_estimate import Accuracy, Estimate, NoEstimate, Times
from agent.office import Office
from agent.store.database import Store
from agent.store.models import Visit

MEASURED = 300  # newest finished visits that are looked at
OF_EACH = 50
MINUTE_MS = 60_000


class Wait(msgspec.Struct, frozen=True):
    """People called before somebody, and the estimate or why there is none."""

    ahead: int
    estimate: Estimate | NoEstimate

    @property
    def minutes(self) -> tuple[int, int] | None:
        """Lower and upper bound; None without an estimate."""
        return (self.estimate.low, self.estimate.high) if isinstance(self.estimate, Estimate) else None


def wait_of(store: Store, office: Office, visit: Visit) -> Wait:
    """The wait of a visit that has a number."""
    services, open_now = pool(store, office, visit.service)
    before: list[int] = []
    if visit.state == visits.WAITING:
        for number in line.in_order(store, visit.day, services, office.line_rules):
            if number == visit.number:
                break
            before.append(number)
    return Wait(len(before), told(store, office, visit.service, services_of(store, before), open_now))


def wait_for(store: Store, office: Office, day: int, service: str) -> Wait:
    """The wait of somebody without priority who would take a number now; `day` is the open day, 0 for none."""
    services, open_now = pool(store, office, service)
    before = list(line.in_order(store, day, services, office.line_rules))
    return Wait(len(before), told(store, office, service, services_of(store, before), open_now))


def pool(store: Store, office: Office, service: str) -> tuple[tuple[str, ...], int]:
    """The services that are called in one line with `service`, and how many counters call them.

    Before anybody opened a counter, those whose numbers begin with the same letter.
    """
    serving = counters.serving(store, office)
    if not counters.were_declared(store):
        return alike(office, service), len(serving)
    shared, open_now = wait_estimate.pool(service, serving)
    return tuple(sorted(shared)), open_now


def alike(office: Office, service: str) -> tuple[str, ...]:
    """The services of one series; a service that was taken out of services.toml stands alone."""
    offered = office.services.get(service)
    return (service,) if offered is None else office.offer.by_series(offered.series)


def told(store: Store, office: Office, own: str, ahead: Iterable[str], open_now: int) -> Estimate | NoEstimate:
    """The estimate behind people of the services `ahead`."""
    counted = Counter(ahead)
    each = times(store, office, {own, *counted})
    return wait_estimate.estimate(counted, each, open_now, each[own])


def services_of(store: Store, numbers: list[int]) -> list[str]:
    """The services of visits by row number."""
    wanted = ", ".join("?" * len(numbers))
    return [row[0] for row in store.rows(f"SELECT service FROM visit WHERE number IN ({wanted})", *numbers)]  # noqa: S608


def times(store: Store, office: Office, services: Iterable[str]) -> dict[str, Times]:
    """Minutes at the counter by service, measured where people were served and expected where not."""
    leaving = ", ".join("?" * len(visits.LEAVING))
    rows = store.rows(
        "SELECT service, (finished_t - called_t) * 1.0 / ? FROM visit WHERE finished_t IS NOT NULL"  # noqa: S608 — marks
        f" AND called_t IS NOT NULL AND outcome NOT IN ({leaving}) ORDER BY number DESC LIMIT ?",
        MINUTE_MS, *visits.LEAVING, MEASURED,
    )  # fmt: skip
    taken = defaultdict[str, list[float]](list)
    for service, minutes in rows:
        taken[service].append(minutes)
    return {name: wait_estimate.times(taken[name][:OF_EACH], expected(office, name)) for name in services}


def expected(office: Office, service: str) -> float:
    """The minutes that services.toml expects; those of `ask` for a service that is no longer offered."""
    return float(office.services.get(service, office.services["ask"]).minutes)


def keep_promise(store: Store, visit: Visit, wait: Wait) -> None:
    """Keep what a citizen was told, inside the caller's transaction, to be held against what came."""
    if wait.minutes is not None:
        store.run("UPDATE visit SET promised_low = ?, promised_high = ? WHERE number = ?", *wait.minutes, visit.number)


def accuracy(store: Store, day: int) -> Accuracy:
    """How good the estimates of a day were, by each visit's first call."""
    rows = store.rows(
        "SELECT v.promised_low, v.promised_high, (min(c.t) - v.taken_t) * 1.0 / ? FROM visit v"
        " JOIN call c ON c.visit = v.number"
        " WHERE v.day = ? AND v.promised_low IS NOT NULL GROUP BY v.number",
        MINUTE_MS, day,
    )  # fmt: skip
    return wait_estimate.accuracy((low, high, waited) for low, high, waited in rows)
