"""What the pages show of the office's rows; it only reads."""

from __future__ import annotations

from typing import Final

import msgspec

from agent.actions import counters, line, notices
from agent.actions.day import newest_day
from agent.actions.visits import today
from agent.domain import visits
from agent.domain.waiting_line import Rules
from agent.status import iso
from agent.store.database import Store
from kiosk_ui.bodies import BoardAnswer, BoardCall, Disturbed

CALLS_SHOWN: Final = 5
_VISIT: Final = "substr(ledger, -8) || '.' || n"
_TICKET: Final = "letter || '-' || printf('%03d', place)"


class InLine(msgspec.Struct, frozen=True):
    """A visit in a list: its row, name, ticket and service, and since when (ms UTC) it is as it is."""

    number: int
    visit: str
    ticket: str
    service: str
    village: str
    priority: bool
    state: str
    since: int
    counter: int | None
    calls: int
    outcome: str | None
    repeated: bool


def board(store: Store) -> BoardAnswer:
    """The newest calls of the open day, none before the first and after the last hour, and what is disturbed."""
    day = newest_day(store)
    number = day.number if day is not None and day.is_open else None
    rows = store.rows(
        f"SELECT {_TICKET}, c.counter, c.t FROM call c JOIN visit v ON v.number = c.visit WHERE c.day = ?"  # noqa: S608
        " AND c.number = (SELECT max(number) FROM call WHERE visit = c.visit) ORDER BY c.number DESC LIMIT ?",
        number, CALLS_SHOWN,
    )  # fmt: skip
    calls = [BoardCall(ticket=ticket, counter=counter, at=iso(at)) for ticket, counter, at in rows]
    disturbed = [Disturbed(service=service, since=iso(since)) for service, since in notices.disturbed(store)]
    return BoardAnswer(
        queue_day=number,
        calls=calls,
        disturbed=disturbed,
        counters=[each.number for each in counters.open_counters(store)],
        at=iso(store.clock.wall_ms()),
    )


def waiting(store: Store, services: tuple[str, ...], rules: Rules) -> list[InLine]:
    """Who waits today for any of `services`, all when empty, in the order in which they are called."""
    found = {row.number: row for row in in_line(store, visits.WAITING, "taken_t", "number")}
    return [found[number] for number in line.in_order(store, today(store), services, rules) if number in found]


def called(store: Store) -> list[InLine]:
    """Who was called and is not finished yet, the newest call first."""
    return in_line(store, visits.CALLED, "called_t", "called_t DESC, number DESC")


def held(store: Store) -> list[InLine]:
    """Who is put aside, in the order of arrival."""
    return in_line(store, visits.HELD, "taken_t", "number")


def finished(store: Store, most: int) -> list[InLine]:
    """The newest finished visits of the day."""
    return in_line(store, visits.FINISHED, "finished_t", "finished_t DESC, number DESC", most)


def in_line(store: Store, state: str, since: str, order: str, most: int = 1_000) -> list[InLine]:
    """Today's visits in a state."""
    rows = store.rows(
        f"SELECT number, {_VISIT}, {_TICKET}, service, village, priority, state, {since}, counter, calls, outcome,"  # noqa: S608
        f" repeated FROM visit WHERE day = (SELECT max(number) FROM queue_day) AND state = ? ORDER BY {order} LIMIT ?",
        state, most,
    )  # fmt: skip
    return [InLine(*row) for row in rows]


def counts(store: Store, day: int) -> dict[tuple[str, str], int]:
    """How many visits of a day there are by (service, outcome); the state stands for a missing outcome."""
    rows = store.rows("SELECT service, coalesce(outcome, state), count(*) FROM visit WHERE day = ? GROUP BY 1, 2", day)
    return {(service, outcome): count for service, outcome, count in rows}


class Given(msgspec.Struct, frozen=True):
    """The number that a request was given: its code, and how many ms ago."""

    code: str
    age_ms: int


def by_request(store: Store, request_id: str) -> Given | None:
    """What a request was given; None before. The age is by the boot clock where it was given since the boot."""
    found = store.rows(
        "SELECT v.code, v.taken_t, CAST(l.body AS TEXT) ->> '$.b', CAST(l.body AS TEXT) ->> '$.m' FROM visit v"
        " LEFT JOIN ledger g ON g.name = v.ledger"
        " LEFT JOIN stream s ON s.ledger = g.number AND s.name = 'enrollments'"
        " LEFT JOIN line l ON l.stream = s.number AND l.n = v.n WHERE v.request_id = ?",
        request_id,
    )
    if not found:
        return None
    code, taken_t, boot, since_boot = found[0]
    if boot == store.boot:
        return Given(code, store.clock.boot_ms() - since_boot)
    return Given(code, abs(store.clock.wall_ms() - taken_t))


class Taken(msgspec.Struct, frozen=True):
    """A number that a family took at this visit."""

    code: str
    ticket: str
    service: str
    village: str


def numbers(store: Store, codes: str) -> list[Taken]:
    """The numbers of a visit to the kiosk by their codes with dots between, in that order."""
    wanted = codes.split(".") if codes else []
    marks = ", ".join("?" * len(wanted))
    rows = store.rows(f"SELECT code, {_TICKET}, service, village FROM visit WHERE code IN ({marks})", *wanted)  # noqa: S608 — marks
    return sorted((Taken(*row) for row in rows), key=lambda taken: wanted.index(taken.code))


def ticket_of(store: Store, visit: str) -> str:
    """The number on the paper of a visit, by its name; the name itself where there is none."""
    found = store.rows(f"SELECT {_TICKET} FROM visit WHERE {_VISIT} = ?", visit)  # noqa: S608 — our own columns
    return str(found[0][0]) if found else visit[:40]
