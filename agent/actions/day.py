"""Queue days: opened by the first who needs one, closed by a supervisor or the hour."""

from __future__ import annotations

from datetime import date, datetime

from agent.clock import local
from agent.domain import queue_day, visits
from agent.domain.queue_day import Day
from agent.errors import Conflict
from agent.office import Office
from agent.store import ledger
from agent.store.database import Store
from agent.store.models import QueueDay, Visit
from agent.version import BUILD_DATE
from agent.wire.kinds import DayClosed, DayOpened, DayRelabelled, VisitFinished

ROOM_FOR_THE_SURE_MS = 86_400_000  # a clock this close to central's is right about the date


def newest_day(store: Store) -> Day | None:
    """The queue day with the highest number."""
    found = store.rows("SELECT number, date, confirmed, closed_t FROM queue_day ORDER BY number DESC LIMIT 1")
    if not found:
        return None
    number, label, confirmed, closed_t = found[0]
    return Day(number, date.fromisoformat(label), bool(confirmed), closed_t is None)


def clock_is_sure(store: Store) -> bool:
    """Whether central's time, heard since this boot, agrees with the wall clock to a day."""
    offset = ledger.facts(store, f"offset@{store.boot}").get(f"offset@{store.boot}")
    return offset is not None and abs(int(offset)) < ROOM_FOR_THE_SURE_MS


def day_for_ticket(store: Store, office: Office) -> int:
    """The number of the day that a ticket taken now belongs to; opens or rolls it in the caller's transaction."""
    last = newest_day(store)
    today = local(store.clock.wall_ms(), office.zone).date()
    decision = queue_day.decide(last, today, BUILD_DATE, sure=clock_is_sure(store))
    if decision.step == "roll" and last is not None:
        close_in_transaction(store, last.number, "next-day", by=0)
    if decision.step in ("open", "roll") or last is None:
        return open_in_transaction(store, (last.number if last else 0) + 1, decision)
    if decision.step == "relabel":
        relabel_in_transaction(store, last, decision)
    return last.number


def open_in_transaction(store: Store, number: int, decision: queue_day.Decision) -> int:
    """Open queue day `number` and say so by a line."""
    label = decision.date.isoformat()
    QueueDay.create(number=number, date=label, confirmed=decision.confirmed, opened_t=store.clock.wall_ms())
    ledger.append(store, DayOpened(number, label, decision.confirmed))
    return number


def relabel_in_transaction(store: Store, day: Day, decision: queue_day.Decision) -> None:
    """Give the open day its true date; its numbers stay."""
    label = decision.date.isoformat()
    QueueDay.update(date=label, confirmed=decision.confirmed).where(QueueDay.number == day.number).execute()
    ledger.append(store, DayRelabelled(day.number, label, was=day.date.isoformat()))


def close_in_transaction(store: Store, number: int, reason: str, by: int) -> None:
    """Close a day; whoever is left becomes `no_show`, each by a line."""
    now = store.clock.wall_ms()
    open_ledger = ledger.tail(store, ledger.ENROLLMENTS).ledger
    left = Visit.select().where(Visit.day == number, Visit.state != visits.FINISHED).order_by(Visit.number)
    for visit in list(left):
        of = None if visit.ledger == open_ledger else visit.ledger
        ledger.append(store, VisitFinished(visit.n, "no_show", by=by, of=of))
    gone = {"state": visits.FINISHED, "outcome": "no_show", "finished_t": now}
    Visit.update(**gone).where(Visit.day == number, Visit.state != visits.FINISHED).execute()
    QueueDay.update(closed_t=now).where(QueueDay.number == number).execute()
    ledger.append(store, DayClosed(number, reason, by))


def close_day(store: Store, by: int) -> int:
    """A supervisor, officer number `by`, closes the open day; its number. Raises Conflict `no-day-open`."""
    with store.write():
        day = newest_day(store)
        if day is None or not day.is_open:
            raise Conflict("no-day-open", "no queue day is open", field="queue_day")
        close_in_transaction(store, day.number, "supervisor", by)
    return day.number


def close_if_due(store: Store, office: Office) -> bool:
    """Close the open day when its hour has come; whether it was closed."""
    now = local(store.clock.wall_ms(), office.zone)
    with store.write():
        day = newest_day(store)
        if day is None or not day.is_open:
            return False
        reason = closing_reason(store, office, day, now)
        if reason:
            close_in_transaction(store, day.number, reason, by=0)
    return bool(reason)


def closing_reason(store: Store, office: Office, day: Day, now: datetime) -> str:
    """Why the open day ends now: `hours` or `next-day`; empty when it does not."""
    waiting = Visit.select().where(Visit.day == day.number, Visit.state == visits.WAITING).count()
    if queue_day.closes(now, day, office.settings.hours.close, waiting=waiting):
        return "hours"
    step = queue_day.decide(day, now.date(), BUILD_DATE, sure=clock_is_sure(store)).step
    return "next-day" if step == "roll" else ""
