"""What becomes of a visit: called, called again, finished, corrected; one transaction each."""

from __future__ import annotations

from typing import Final

import msgspec

from agent import vault
from agent.actions import counters, line
from agent.actions.day import newest_day
from agent.domain import visits
from agent.domain.surge import REASONS
from agent.domain.waiting_line import DEFAULT, Rules
from agent.errors import BadData, NotFound
from agent.store import ledger
from agent.store.database import Store
from agent.store.models import Visit
from agent.wire.kinds import TicketCalled, VisitCorrected, VisitFinished


class Came(msgspec.Struct, frozen=True):
    """Why a person came, one of REASONS, and whether an officer says that it was again for the same matter."""

    reason: str | None = None
    repeated: bool = False


NOT_ASKED: Final = Came()


def find(store: Store, name: str) -> Visit:
    """The visit of that name, LLLLLLLL.N; raises NotFound `unknown-visit`."""
    ending, _, n = name.partition(".")
    if n.isascii() and n.isdigit() and len(n) < 16:
        ledgers = [row[0] for row in store.rows("SELECT name FROM ledger WHERE substr(name, -8) = ?", ending)]
        found = Visit.get_or_none(Visit.ledger.in_(ledgers), Visit.n == int(n))
        if found is not None:
            return found
    raise NotFound("unknown-visit", f"there is no visit {name[:40]}", field="visit")


def today(store: Store) -> int:
    """The number of the newest queue day, 0 before the first."""
    day = newest_day(store)
    return day.number if day else 0


def call_next(
    store: Store, counter: int, services: tuple[str, ...] = (), by: int = 0, rules: Rules = DEFAULT
) -> Visit | None:
    """Call who is next in any of `services` (all when empty); None when nobody waits.

    Two counters never get the same number: choosing and marking is one transaction.
    """
    with store.write():
        visit: Visit | None = line.next_visit(store, today(store), services, rules)
        counters.put(store, counter, tuple(sorted(set(services))), by)  # a counter that calls is open
        if visit is not None:
            move_to_counter(store, visit, "call", counter, by)
    return visit


def call(store: Store, name: str, counter: int, by: int = 0) -> Visit:
    """Call one visit by name; raises NotFound or Conflict `illegal-move`."""
    return call_by(store, name, "call", counter, by)


def recall(store: Store, name: str, counter: int, by: int = 0) -> Visit:
    """Call again somebody who did not come; raises NotFound or Conflict `illegal-move`."""
    return call_by(store, name, "recall", counter, by)


def call_by(store: Store, name: str, move: str, counter: int, by: int) -> Visit:
    """One call in a transaction of its own."""
    with store.write():
        visit = find(store, name)
        move_to_counter(store, visit, move, counter, by)
    return visit


def move_to_counter(store: Store, visit: Visit, move: str, counter: int, by: int) -> None:
    """Mark a visit as called and say so by a line, inside the caller's transaction."""
    visit.state = visits.after(visit.state, move)
    visit.counter, visit.called_t = counter, store.clock.wall_ms()
    said = TicketCalled(visit.n, counter, by=by, again=visit.calls, of=other_ledger(store, visit))
    line.note_call(store, visit, counter)
    visit.calls += 1
    changed = {name: getattr(visit, name) for name in ("state", "counter", "called_t", "calls")}
    Visit.update(**changed).where(Visit.number == visit.number).execute()
    ledger.append(store, said)


def finish(
    store: Store,
    name: str,
    outcome: str,
    *,
    by: int = 0,
    missing: tuple[str, ...] = (),
    status_code: str | None = None,
    came: Came = NOT_ASKED,
) -> Visit:
    """End a visit with an outcome; say why the person came, and whether again for the same matter, where known.

    Raises NotFound, BadData `unknown-outcome` or `unknown-reason`, Conflict `illegal-move`.
    """
    move = visits.finishing_move(outcome)
    check_reason(came.reason)
    with store.write():
        visit = find(store, name)
        visit.state = visits.after(visit.state, move)
        of = other_ledger(store, visit)
        ledger.append(store, VisitFinished(visit.n, outcome, by, missing, status_code, of, came.reason, came.repeated))
        visit.reason, visit.repeated = came.reason, came.repeated
        close_row(store, visit, outcome)
    vault.forget(store, visit.name)
    return visit


def check_reason(reason: str | None) -> None:
    """Raises BadData `unknown-reason` for a word that is none of the reasons why people come."""
    if reason is not None and reason not in REASONS:
        raise BadData("unknown-reason", f"a reason is one of {', '.join(REASONS)}", field="reason")


def correct(
    store: Store,
    name: str,
    outcome: str,
    *,
    by: int,
    missing: tuple[str, ...] = (),
    status_code: str | None = None,
    came: Came | None = None,
) -> Visit:
    """A later word on a finished visit, by a new line; raises as `finish` does.

    `came` says why the person came after all, and whether again; None leaves both as they are.
    """
    visits.finishing_move(outcome)
    check_reason(came.reason if came else None)
    with store.write():
        visit = find(store, name)
        visit.state = visits.after(visit.state, "correct")
        of, was = other_ledger(store, visit), visit.outcome or ""
        now = came or Came(visit.reason, visit.repeated)
        again = None if now.repeated == visit.repeated else now.repeated
        why = None if now.reason == visit.reason else now.reason or ""
        visit.reason, visit.repeated = now.reason, now.repeated
        ledger.append(store, VisitCorrected(visit.n, outcome, was, by, missing, status_code, of, again, why))
        close_row(store, visit, outcome)
    return visit


def close_row(store: Store, visit: Visit, outcome: str) -> None:
    """The visit's row after its last word."""
    visit.outcome, visit.finished_t = outcome, visit.finished_t or store.clock.wall_ms()
    visit.ended = visit.ended or store.rows("SELECT coalesce(max(ended), 0) + 1 FROM visit")[0][0]
    columns = ("state", "outcome", "finished_t", "ended", "reason", "repeated")
    changed = {column: getattr(visit, column) for column in columns}
    Visit.update(**changed).where(Visit.number == visit.number).execute()


def other_ledger(store: Store, visit: Visit) -> str | None:
    """The visit's ledger where it is not the open one."""
    return None if visit.ledger == ledger.tail(store, ledger.ENROLLMENTS).ledger else visit.ledger
