"""Queue days: opened by the first who needs one, closed by a supervisor or the hour."""

from __future__ import annotations

from datetime import date, datetime

from agent import vault
from agent.actions import counters
from agent.clock import local
from agent.domain import queue_day, visits
from agent.domain.queue_day import Day
from agent.errors import Conflict
from agent.office import Office
from agent.store import forks, ledger
from agent.store.database import Store
from agent.store.models import QueueDay, Visit
from agent.version import BUILD_DATE
from agent.wire.kinds import DayClosed, DayOpened, DayRelabelled, VisitFinished


def newest_day(store: Store) -> Day | None:
    """The queue day with the highest number."""
    found = store.rows(
        "SELECT number, date, confirmed, closed_t, shown, opened_t FROM queue_day ORDER BY number DESC LIMIT 1"
    )
    if not found:
        return None
    number, label, confirmed, closed_t, shown, opened_t = found[0]
    return Day(
        number, date.fromisoformat(label), bool(confirmed), closed_t is None, date.fromisoformat(shown), opened_t
    )


def local_now(store: Store, office: Office) -> tuple[datetime, bool]:
    """The office's local time, and whether central's time stands behind it; else it is the wall clock's."""
    behind = ledger.behind_central_ms(store)
    return local(store.clock.wall_ms() + (behind or 0), office.zone), behind is not None


def local_date(store: Store, office: Office) -> date:
    """The date by that time, never before this program was made."""
    return max(local_now(store, office)[0].date(), BUILD_DATE)


def day_for_ticket(store: Store, office: Office) -> int:
    """The number of the day that a ticket taken now belongs to; opens or rolls it in the caller's transaction."""
    last = newest_day(store)
    now, sure = local_now(store, office)
    decision = queue_day.decide(last, now.date(), BUILD_DATE, sure=sure)
    if last is None or decision.step in ("open", "roll"):
        if last is not None and decision.step == "roll":
            close_in_transaction(store, last.number, "next-day", by=0)
        number = max(last.number if last else 0, forks.on_paper(store).day) + 1
        return open_in_transaction(store, number, decision, now.date())
    keep_in_transaction(store, last, decision, now.date())
    return last.number


def open_in_transaction(store: Store, number: int, decision: queue_day.Decision, shown: date) -> int:
    """Open queue day `number` and say so by a line."""
    label = decision.date.isoformat()
    opened = {"confirmed": decision.confirmed, "opened_t": store.clock.wall_ms(), "shown": shown.isoformat()}
    QueueDay.create(number=number, date=label, **opened)
    ledger.append(store, DayOpened(number, label, decision.confirmed))
    return number


def keep_in_transaction(store: Store, day: Day, decision: queue_day.Decision, shown: date) -> None:
    """Keep the open day and its numbers; a new label is said by a line, a new date of the clock only noted."""
    if decision.step == "relabel":
        ledger.append(store, DayRelabelled(day.number, decision.date.isoformat(), was=day.date.isoformat()))
    if (decision.date, decision.confirmed, shown) != (day.date, day.confirmed, day.shown):
        label = {"date": decision.date.isoformat(), "confirmed": decision.confirmed, "shown": shown.isoformat()}
        QueueDay.update(**label).where(QueueDay.number == day.number).execute()


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
    counters.forget_all(store)
    ledger.append(store, DayClosed(number, reason, by))


def close_day(store: Store, by: int) -> int:
    """A supervisor, officer number `by`, closes the open day; its number. Raises Conflict `no-day-open`."""
    with store.write():
        day = newest_day(store)
        if day is None or not day.is_open:
            raise Conflict("no-day-open", "no queue day is open", field="queue_day")
        close_in_transaction(store, day.number, "supervisor", by)
    vault.tidy(store)
    return day.number


def close_if_due(store: Store, office: Office) -> bool:
    """Close the open day when its hour has come, else keep its label right; whether it was closed."""
    with store.write():
        closed = close_in_its_hour(store, office)
    if closed:
        vault.tidy(store)
    return closed


def close_in_its_hour(store: Store, office: Office) -> bool:
    """The same inside the caller's transaction."""
    now, sure = local_now(store, office)
    day = newest_day(store)
    if day is None or not day.is_open:
        return False
    decision = queue_day.decide(day, now.date(), BUILD_DATE, sure=sure)
    if decision.step == "roll":
        close_in_transaction(store, day.number, "next-day", by=0)
        return True
    keep_in_transaction(store, day, decision, now.date())
    waiting = Visit.select().where(Visit.day == day.number, Visit.state.in_([visits.WAITING, visits.HELD])).count()
    opened = local(day.opened_t, office.zone)
    due = queue_day.closes(now, opened, office.hours.close, waiting=waiting)
    if due:
        close_in_transaction(store, day.number, "hours", by=0)
    return due
