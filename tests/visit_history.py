"""Weeks of visits in an office's database, the same in every run, made without a ledger line each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

from agent.store.database import Store

SERVICES = {"ktp_first": 30, "kk": 22, "ktp_print": 18, "change": 12, "ikd": 8, "kia": 5, "birth": 5}
WEIGHTS = {"recorded": 40, "handed_over": 25, "print_ready": 10, "already_recorded": 5, "incomplete_papers": 8,
           "no_show": 6, "cancelled": 2, "link_down": 2, "referred": 2}  # fmt: skip
VILLAGES = [f"64.02.05.{number}" for number in range(2001, 2014)] + ["outside", "unknown"]
MINUTE = 60_000
SERIES = {"ktp_first": "A", "ktp_print": "A", "kk": "B", "change": "B", "ikd": "D", "kia": "E", "birth": "F"}


def fill(store: Store, first: date, days: int, per_day: int, seed: int = 1) -> int:
    """So many days of visits from `first` on, closed and in order; how many visits."""
    chance, made = Random(seed), 0
    with store.write():
        for day in range(days):
            made += fill_day(
                store, chance, day + 1, first + timedelta(days=day), per_day + chance.randrange(per_day // 4), made
            )
    return made


def fill_day(store: Store, chance: Random, day: int, label: date, count: int, before: int) -> int:
    """One closed queue day from 08:00 WITA."""
    opened = int(datetime(label.year, label.month, label.day, tzinfo=UTC).timestamp() * 1000)
    store.run(
        "INSERT INTO queue_day (number, date, confirmed, shown, opened_t, closed_t) VALUES (?, ?, 1, ?, ?, ?)",
        day, label.isoformat(), label.isoformat(), opened, opened + 9 * 60 * MINUTE,
    )  # fmt: skip
    places = dict.fromkeys("ABDEF", 0)
    for number in range(count):
        service = chance.choices(list(SERVICES), list(SERVICES.values()))[0]
        places[SERIES[service]] += 1
        put(
            store,
            chance,
            before + number + 1,
            day,
            service,
            places[SERIES[service]],
            opened + number * 400 * MINUTE // count,
        )
    return count


def put(store: Store, chance: Random, number: int, day: int, service: str, place: int, taken: int) -> None:
    """One visit that is over."""
    outcome = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    calls = 0 if outcome == "cancelled" else 1 if outcome != "no_show" else chance.randrange(3)
    called = taken + chance.randrange(1, 60) * MINUTE
    done = called + chance.randrange(2, 12) * MINUTE
    counter = chance.randrange(1, 4) if calls else None
    store.run(
        "INSERT INTO visit (number, ledger, n, day, letter, place, service, village, priority, code, request_id,"
        " request_hash, state, print, taken_t, called_t, counter, calls, finished_t, outcome)"
        " VALUES (?, 'history', ?, ?, ?, ?, ?, ?, ?, ?, ?, x'00', 'finished', 'none', ?, ?, ?, ?, ?, ?)",
        number, number, day, SERIES[service], place, service, chance.choice(VILLAGES), int(chance.random() < 0.1),
        f"H{number:08d}", f"history-{number}", taken, called if calls else None, counter,
        calls, done, outcome,
    )  # fmt: skip
    for again in range(calls):
        store.run(
            "INSERT INTO call (day, visit, service, priority, counter, t, again) VALUES (?, ?, ?, 0, 1, ?, ?)",
            day, number, service, called, again,
        )  # fmt: skip
