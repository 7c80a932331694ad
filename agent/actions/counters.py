"""Which counters are open, and for what: declared by officers, or shown by a call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from agent.office import Office
from agent.store import ledger
from agent.store.database import Store
from agent.wire.kinds import CounterClosed, CounterOpened

IDLE_MS: Final = 15 * 60_000  # without a touch for so long nobody is there
NOTED_EACH_MS: Final = 60_000  # touches are kept no more often than this: each costs the disk a write


class Counter(msgspec.Struct, frozen=True):
    """An open counter; no services means all. `since` is ms UTC."""

    number: int
    services: tuple[str, ...]
    since: int


def open_counter(store: Store, office: Office, number: int, services: Iterable[str] = (), by: int = 0) -> None:
    """Declare a counter open for `services`, all when empty; raises BadData `unknown-service`."""
    wanted = tuple(sorted(set(services)))
    for service in wanted:
        office.check_service(service)
    with store.write():
        if put(store, number, wanted, by):
            ledger.append(store, CounterOpened(number, wanted, by))


def opened_by(store: Store, number: int) -> int | None:
    """The officer who opened, or last called to, a counter that serves now; None where none does."""
    if all(each.number != number for each in open_counters(store)):
        return None
    return int(ledger.facts(store, f"by-{number}").get(f"by-{number}", "0"))


def close_counter(store: Store, number: int, by: int = 0) -> None:
    """Declare a counter closed; one that is closed stays so."""
    with store.write():
        if any(counter.number == number for counter in declared(store)):
            store.run("UPDATE counter SET closed_t = ? WHERE number = ?", store.clock.wall_ms(), number)
            ledger.append(store, CounterClosed(number, by))


def put(store: Store, number: int, services: tuple[str, ...], by: int) -> bool:
    """Keep that a counter is open and for whom, inside the caller's transaction; whether that it is open is news."""
    ledger.set_fact(store, f"by-{number}", str(by))
    store.run("UPDATE fact SET value = ? WHERE name = ?", seen_now(store), f"seen-{number}")
    if any((each.number, each.services) == (number, services) for each in declared(store)):
        return False
    store.run(
        "INSERT INTO counter (number, services, opened_t) VALUES (?, ?, ?) ON CONFLICT (number)"
        " DO UPDATE SET services = excluded.services, opened_t = excluded.opened_t, closed_t = NULL",
        number, msgspec.json.encode(services).decode(), store.clock.wall_ms(),
    )  # fmt: skip
    return True


def attend(store: Store, number: int) -> None:
    """Somebody is at a counter: it serves from now on for as long as they stay signed in without a touch."""
    seen = ledger.facts(store, f"seen-{number}").get(f"seen-{number}")
    if seen is None or not is_recent(store, seen, NOTED_EACH_MS):
        with store.write():
            ledger.set_fact(store, f"seen-{number}", seen_now(store))


def seen_now(store: Store) -> str:
    """This moment on the clock that never jumps, and the boot that it belongs to."""
    return f"{store.boot} {store.clock.boot_ms()}"


def is_recent(store: Store, seen: str, within_ms: int) -> bool:
    """Whether somebody was seen within so many ms, since this machine's start."""
    boot, _, at = seen.rpartition(" ")
    return boot == str(store.boot) and store.clock.boot_ms() - int(at) < within_ms


def open_counters(store: Store) -> list[Counter]:
    """The counters that serve now, by number: not one whose officer only closed the browser and is long gone."""
    found = declared(store)
    seen = ledger.facts(store, *(f"seen-{each.number}" for each in found))
    away = {name for name, at in seen.items() if not is_recent(store, at, IDLE_MS)}
    return [each for each in found if f"seen-{each.number}" not in away]


def declared(store: Store) -> list[Counter]:
    """The counters that nobody closed, by number."""
    rows = store.rows("SELECT number, services, opened_t FROM counter WHERE closed_t IS NULL ORDER BY number")
    return [Counter(number, msgspec.json.decode(text, type=tuple[str, ...]), t) for number, text, t in rows]


def serving(store: Store) -> list[frozenset[str]]:
    """What each open counter serves; an empty set is all services."""
    return [frozenset(counter.services) for counter in open_counters(store)]


class Place(msgspec.Struct, frozen=True):
    """Where an officer sat last, and the series that were called there; none means all."""

    number: int
    series: tuple[str, ...]


def remember(store: Store, officer: int, number: int, series: Iterable[str]) -> None:
    """Keep where an officer sits, for the next time."""
    place = msgspec.json.encode(Place(number, tuple(series))).decode()
    with store.write():
        ledger.set_fact(store, f"place-{officer}", place)


def last_place(store: Store, officer: int) -> Place | None:
    """Where an officer sat last; None before the first time."""
    kept = ledger.facts(store, f"place-{officer}")
    return msgspec.json.decode(next(iter(kept.values())), type=Place) if kept else None


def forget_all(store: Store) -> None:
    """The day is over, inside the caller's transaction."""
    store.run("DELETE FROM counter")
