"""Tell people what is disturbed: an officer by one tap, or the agent by its own probes."""

from __future__ import annotations

from typing import Any

import msgspec

from agent.actions import visits
from agent.clock import local
from agent.domain import hours, notices
from agent.domain.notices import Availability, Notice
from agent.errors import BadData, NotFound
from agent.office import Office
from agent.store import ledger
from agent.store.database import Store
from agent.wire.kinds import NoticeCleared, NoticeSet

COLUMNS = "number, what, services, since_t, by, proposed"
ROUNDS_LOOKED_AT = 5


def set_notice(store: Store, office: Office, what: str, by: int, services: tuple[str, ...] = ()) -> Notice:
    """Tell people of a disturbance; without `services` of every service that needs what fails.

    One that stands already is confirmed. Raises BadData `unknown-notice`, `unknown-service`, or
    `nothing-stopped` where no service needs it.
    """
    if what not in notices.WHATS:
        raise BadData("unknown-notice", f"a notice is one of {', '.join(notices.WHATS)}", field="what")
    for service in services:
        office.check_service(service)
    stops = tuple(sorted(services)) or notices.stopped(what, office.offer)
    if not stops:
        raise BadData("nothing-stopped", f"say which services `{what}` stops", field="services")
    with store.write():
        return put(store, what, stops, by)


def put(store: Store, what: str, services: tuple[str, ...], by: int) -> Notice:
    """A notice set or confirmed, inside the caller's transaction."""
    known = next((each for each in open_notices(store) if (each.what, each.services) == (what, services)), None)
    if known is None:
        store.run(
            "INSERT INTO notice (what, services, since_t, by, proposed) VALUES (?, ?, ?, ?, ?)",
            what, msgspec.json.encode(services).decode(), store.clock.wall_ms(), by, int(by == 0),
        )  # fmt: skip
        return said(store, open_notices(store)[-1])
    if by and known.proposed:
        store.run("UPDATE notice SET proposed = 0, by = ? WHERE number = ?", by, known.number)
        return said(store, msgspec.structs.replace(known, proposed=False, by=by))
    return known


def said(store: Store, notice: Notice) -> Notice:
    """The notice, after its line."""
    ledger.append(store, NoticeSet(notice.number, notice.what, notice.services, notice.by, notice.proposed))
    return notice


def clear_notice(store: Store, number: int, by: int) -> None:
    """A disturbance is over, or was none; raises NotFound `unknown-notice`. One that is cleared stays so."""
    with store.write():
        if not store.rows("SELECT 1 FROM notice WHERE number = ?", number):
            raise NotFound("unknown-notice", f"there is no notice {number}", field="notice")
        if any(notice.number == number for notice in open_notices(store)):
            store.run(
                "UPDATE notice SET cleared_t = ?, cleared_by = ?, cleared_round = ? WHERE number = ?",
                store.clock.wall_ms(), by, newest_round(store), number,
            )  # fmt: skip
            ledger.append(store, NoticeCleared(number, by))


def open_notices(store: Store) -> list[Notice]:
    """What people are told now, oldest first."""
    return [notice(row) for row in store.rows(f"SELECT {COLUMNS} FROM notice WHERE cleared_t IS NULL ORDER BY number")]  # noqa: S608


def notice(row: tuple[Any, ...]) -> Notice:
    """A notice of a row of COLUMNS."""
    number, what, services, since, by, proposed = row
    return Notice(number, what, msgspec.json.decode(services, type=tuple[str, ...]), since, by, bool(proposed))


def standing(store: Store, office: Office) -> hours.Standing:
    """How the office stands by its hours."""
    return hours.standing(local(store.clock.wall_ms(), office.zone), office.hours)


def availability(store: Store, office: Office) -> dict[str, Availability]:
    """How each service stands now."""
    taken = dict(store.rows("SELECT service, count(*) FROM visit WHERE day = ? GROUP BY service", open_day(store)))
    return notices.availability(office.offer, open_notices(store), taken, standing(store, office))


def open_day(store: Store) -> int:
    """The number of the open queue day, 0 while none is."""
    return visits.today(store) if store.rows("SELECT 1 FROM queue_day WHERE closed_t IS NULL") else 0


def disturbed(store: Store) -> list[tuple[str, int]]:
    """Each disturbed service and since when, ms UTC, for the board."""
    since: dict[str, int] = {}
    for each in open_notices(store):
        for service in each.services:
            since[service] = min(since.get(service, each.since), each.since)
    return sorted(since.items())


def seems_over(store: Store, what: str) -> bool:
    """Whether the agent's probe finds working what an officer's notice calls disturbed."""
    return what in notices.PROBED and notices.works_again(readings(store, notices.PROBED[what]))


def watch(store: Store, office: Office) -> None:
    """Propose or withdraw notices by the newest rounds of readings."""
    for what, reading in notices.PROBED.items():
        known = next((each for each in open_notices(store) if each.what == what), None)
        step = notices.step(readings(store, reading), known, dismissed=is_dismissed(store, what, reading))
        if step == "propose":
            propose(store, office, what)
        elif step == "withdraw":
            withdraw(store, office, what)


def propose(store: Store, office: Office, what: str) -> None:
    """Tell people of what the agent saw, if it stops anything and nobody told of it yet."""
    stops = notices.stopped(what, office.offer)
    if stops and not any(each.what == what for each in open_notices(store)):
        with store.write():
            put(store, what, stops, by=0)


def withdraw(store: Store, _office: Office, what: str) -> None:
    """Take back what the agent proposed and nobody confirmed."""
    for each in open_notices(store):
        if each.what == what and each.proposed:
            clear_notice(store, each.number, by=0)


def readings(store: Store, name: str) -> list[float | None]:
    """The newest readings of a name, oldest first; None for a round without it."""
    rows = store.rows("SELECT round FROM reading ORDER BY number DESC LIMIT ?", ROUNDS_LOOKED_AT)
    return [msgspec.json.decode(text, type=dict[str, Any]).get(name) for (text,) in reversed(rows)]


def newest_round(store: Store) -> int:
    """The number of the newest round of readings."""
    return int(store.rows("SELECT coalesce(max(number), 0) FROM reading")[0][0])


def is_dismissed(store: Store, what: str, reading: str) -> bool:
    """Whether an officer cleared this notice and the probe has not succeeded since."""
    found = store.rows(
        "SELECT cleared_by, cleared_round FROM notice WHERE what = ? AND cleared_t IS NOT NULL"
        " ORDER BY number DESC LIMIT 1",
        what,
    )
    if not found or not found[0][0]:
        return False
    path = f"$.{reading}"
    return not store.rows("SELECT 1 FROM reading WHERE number > ? AND round ->> ? = 1 LIMIT 1", found[0][1], path)
