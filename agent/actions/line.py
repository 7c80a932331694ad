"""The line of an office as it stands in the tables; what it means is in agent.domain.waiting_line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from agent.domain import visits, waiting_line
from agent.domain.speech_text import Call
from agent.domain.waiting_line import Person
from agent.store.database import Store
from agent.store.models import Visit

_CALLS: Final = """
SELECT c.number, v.letter || '-' || printf('%03d', v.place), c.counter, c.t, c.again
FROM call c JOIN visit v ON v.number = c.visit
"""
MOST_RATIO = 100  # more calls than any ratio looks back


def marks(services: Iterable[str]) -> tuple[str, list[str]]:
    """An SQL condition on `service` with its values; all services when there are none."""
    named = list(services)
    return (f"service IN ({', '.join('?' * len(named))})", named) if named else ("1", [])


def calls_made(store: Store, day: int) -> int:
    """How many numbers were called on a day; one that was called again counts once."""
    return int(store.rows("SELECT count(*) FROM call WHERE day = ? AND again = 0", day)[0][0])


def people(store: Store, day: int, services: Iterable[str] = ()) -> list[Person]:
    """Who waits for any of `services` on a day."""
    condition, values = marks(services)
    rows = store.rows(
        f"SELECT number, priority, due, service, calls FROM visit WHERE day = ? AND state = ? AND {condition}",  # noqa: S608
        day, visits.WAITING, *values,
    )  # fmt: skip
    made = calls_made(store, day) if any(due for _, _, due, _, _ in rows) else 0
    return [
        Person(number, bool(priority), max(0, due - made), service, calls > 0)
        for number, priority, due, service, calls in rows
    ]


def plain_line(store: Store, day: int, services: Iterable[str]) -> Counter[str] | None:
    """How many wait for each service where all are called in the order in which they came, else None.

    So it is on most days, and counting is far cheaper than setting up the line.
    """
    condition, values = marks(services)
    rows = store.rows(
        "SELECT service, count(*), max(priority OR due > 0) FROM visit"  # noqa: S608 — marks
        f" WHERE day = ? AND state = ? AND {condition} GROUP BY service",
        day, visits.WAITING, *values,
    )  # fmt: skip
    return None if any(special for _, _, special in rows) else Counter({service: count for service, count, _ in rows})


def streak(store: Store, day: int, services: Iterable[str] = ()) -> int:
    """How many with priority were called for these services since the last one without."""
    condition, values = marks(services)
    rows = store.rows(
        f"SELECT priority FROM call WHERE day = ? AND {condition} ORDER BY number DESC LIMIT ?",  # noqa: S608 — marks
        day, *values, MOST_RATIO,
    )  # fmt: skip
    return waiting_line.streak_of(bool(row[0]) for row in rows)


def in_order(
    store: Store, day: int, services: tuple[str, ...] = (), rules: waiting_line.Rules = waiting_line.DEFAULT
) -> Iterator[int]:
    """The row numbers of who waits, in the order in which they are called."""
    return (each.number for each in ordered(store, day, people(store, day, services), services, rules))


def ordered(
    store: Store, day: int, waiting: list[Person], services: tuple[str, ...], rules: waiting_line.Rules
) -> Iterator[Person]:
    """These people in the order in which they are called."""
    before = streak(store, day, services) if any(each.priority for each in waiting) else 0
    return waiting_line.in_order(waiting, before, rules.ratio)


def next_visit(store: Store, day: int, services: tuple[str, ...], rules: waiting_line.Rules) -> Any:
    """The visit that is called next; None when nobody waits."""
    first = next(in_order(store, day, services, rules), None)
    return None if first is None else Visit.get(Visit.number == first)


def calls_after(store: Store, number: int, most: int = 50) -> list[Call]:
    """The calls of the newest day that came after call `number`, oldest first; the newest `most` of them."""
    after = "WHERE c.number > ? AND c.day = (SELECT max(number) FROM queue_day)"
    return newest(store, after, number, most)[::-1]


def last_calls(store: Store, day: int, most: int) -> list[Call]:
    """The last call of each visit of a day, the newest first."""
    last = "WHERE c.day = ? AND c.number = (SELECT max(number) FROM call WHERE visit = c.visit)"
    return newest(store, last, day, most)


def newest(store: Store, condition: str, value: int, most: int) -> list[Call]:
    """The newest calls first, by an SQL condition of ours."""
    return [Call(*row) for row in store.rows(f"{_CALLS} {condition} ORDER BY c.number DESC LIMIT ?", value, most)]


def note_call(store: Store, visit: Visit, counter: int) -> None:
    """Keep a call, inside the caller's transaction."""
    store.run(
        "INSERT INTO call (day, visit, service, priority, counter, t, again) VALUES (?, ?, ?, ?, ?, ?, ?)",
        visit.day, visit.number, visit.service, int(visit.priority), counter, store.clock.wall_ms(), visit.calls,
    )  # fmt: skip
