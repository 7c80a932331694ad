"""What an officer does with a number that is not served now: absent, on hold, another service; one or all."""

from __future__ import annotations

from typing import Any

import msgspec

from agent.actions import line, paper, visits
from agent.domain import visits as life
from agent.domain import waiting_line
from agent.domain.waiting_line import DEFAULT, Rules
from agent.errors import Conflict
from agent.office import Office
from agent.store import ledger
from agent.store.database import Store
from agent.store.models import Visit
from agent.wire.kinds import TicketAbsent, TicketHeld, TicketMoved, TicketReleased

MOST_AT_ONCE = 1000  # rows of one transaction; an officer who moves more does it again
BACK = "back"  # the reason of a return


class Standing(msgspec.Struct, frozen=True):
    """How many of a service wait, are held, and wait here because their whole line was moved, by service."""

    service: str
    waiting: int
    held: int
    came: dict[str, int]


def absent(store: Store, name: str, by: int = 0, rules: Rules = DEFAULT) -> Visit:
    """Nobody came: called again after others, or closed as no-show after the last call.

    Raises NotFound `unknown-visit`, Conflict `illegal-move`.
    """
    if waiting_line.is_over(visits.find(store, name).calls, rules):
        return visits.finish(store, name, "no_show", by=by)
    with store.write():
        visit = visits.find(store, name)
        due = line.calls_made(store, visit.day) + rules.absent_after
        change(visit, "absent", due=due)
        ledger.append(store, TicketAbsent(visit.n, by, visits.other_ledger(store, visit)))
    return visit


def hold(store: Store, name: str, by: int = 0, reason: str = "") -> Visit:
    """Put a number aside until it is released or called; raises NotFound or Conflict `illegal-move`."""
    with store.write():
        visit = visits.find(store, name)
        hold_in_transaction(store, visit, by, reason)
    return visit


def hold_in_transaction(store: Store, visit: Visit, by: int, reason: str) -> None:
    """Put one number aside and say so by a line."""
    change(visit, "hold")
    ledger.append(store, TicketHeld(visit.n, reason, by, visits.other_ledger(store, visit)))


def release(store: Store, name: str, by: int = 0) -> Visit:
    """Put a held number back in its place; raises NotFound or Conflict `illegal-move`."""
    with store.write():
        visit = visits.find(store, name)
        release_in_transaction(store, visit, by)
    return visit


def release_in_transaction(store: Store, visit: Visit, by: int) -> None:
    """Put one number back and say so by a line."""
    change(visit, "release", due=0)
    ledger.append(store, TicketReleased(visit.n, by, visits.other_ledger(store, visit)))


def transfer(store: Store, office: Office, name: str, service: str, by: int = 0, reason: str = "") -> Visit:
    """Let a number wait for another service, in the place of its arrival; the number stays, and is printed anew.

    Raises NotFound, BadData `unknown-service`, Conflict `illegal-move` or `same-service`.
    """
    office.check_service(service)
    with store.write():
        visit = visits.find(store, name)
        transfer_in_transaction(store, office, visit, service, by=by, reason=reason)
    return visit


def transfer_in_transaction(store: Store, office: Office, visit: Visit, service: str, *, by: int, reason: str) -> None:
    """Move one number to another service and say so by a line."""
    if visit.service == service:
        raise Conflict("same-service", f"{visit.ticket} waits for that service already", field="service")
    was = visit.service
    change(visit, "transfer", service=service, due=0, moved_from="")
    ledger.append(store, TicketMoved(visit.n, service, was, reason, by, visits.other_ledger(store, visit)))
    if office.prints:
        paper.ask(store, visit.number)


def change(visit: Visit, move: str, **values: Any) -> None:
    """Make a move of the table on a visit's row, inside the caller's transaction."""
    values["state"] = life.after(visit.state, move)
    for column, value in values.items():
        setattr(visit, column, value)
    Visit.update(**values).where(Visit.number == visit.number).execute()


def waiting_for(day: int, service: str, states: tuple[str, ...] = (life.WAITING, life.HELD)) -> list[Visit]:
    """Who waits for a service on a day, in the order of arrival."""
    wanted = (Visit.day == day) & (Visit.service == service) & Visit.state.in_(states)
    return list(Visit.select().where(wanted).order_by(Visit.number).limit(MOST_AT_ONCE))


def hold_all(store: Store, service: str, by: int, reason: str = "") -> list[Visit]:
    """Put everybody who waits for a service aside, all or nobody; who they were."""
    with store.write():
        moved = waiting_for(visits.today(store), service, (life.WAITING,))
        for visit in moved:
            hold_in_transaction(store, visit, by, reason)
    return moved


def release_all(store: Store, service: str, by: int) -> list[Visit]:
    """Put everybody who is held for a service back in place, all or nobody; who they were."""
    with store.write():
        moved = waiting_for(visits.today(store), service, (life.HELD,))
        for visit in moved:
            release_in_transaction(store, visit, by)
    return moved


def transfer_all(store: Store, office: Office, service: str, to: str, by: int, reason: str = "") -> list[Visit]:
    """Let everybody who waits for a service wait for another, all or nobody; who they were.

    Raises BadData `unknown-service`, Conflict `same-service`.
    """
    office.check_service(to)
    with store.write():
        moved = waiting_for(visits.today(store), service)
        for visit in moved:
            transfer_in_transaction(store, office, visit, to, by=by, reason=reason)
            Visit.update(moved_from=service).where(Visit.number == visit.number).execute()
    return moved


def return_all(store: Store, office: Office, service: str, came_from: str, by: int) -> list[Visit]:
    """Undo `transfer_all`: who still waits for `service` and came from another goes back, all or nobody.

    Raises BadData `unknown-service`.
    """
    office.check_service(came_from)
    with store.write():
        back = [each for each in waiting_for(visits.today(store), service) if each.moved_from == came_from]
        for visit in back:
            transfer_in_transaction(store, office, visit, came_from, by=by, reason=BACK)
    return back


def standings(store: Store) -> list[Standing]:
    """Every service that somebody waits for today, by its name."""
    rows = store.rows(
        "SELECT service, sum(state = ?), sum(state = ?) FROM visit WHERE day = ? AND state IN (?, ?) GROUP BY service",
        life.WAITING, life.HELD, visits.today(store), life.WAITING, life.HELD,
    )  # fmt: skip
    came = came_from(store)
    return [Standing(service, waiting, held, came.get(service, {})) for service, waiting, held in rows]


def came_from(store: Store) -> dict[str, dict[str, int]]:
    """Service → service that a whole line was moved from → how many of it still wait."""
    rows = store.rows(
        "SELECT service, moved_from, count(*) FROM visit WHERE day = ? AND state IN (?, ?) AND moved_from <> ''"
        " GROUP BY service, moved_from",
        visits.today(store), life.WAITING, life.HELD,
    )  # fmt: skip
    found: dict[str, dict[str, int]] = {}
    for service, origin, count in rows:
        found.setdefault(service, {})[origin] = count
    return found
