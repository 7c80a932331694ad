"""What waits to be handed over to central, who is told of it, and the sheet that says so on paper."""

from __future__ import annotations

import msgspec

from agent.actions.day import local_now
from agent.clock import local
from agent.domain import escalation, handover_sheet
from agent.domain.escalation import Backlog, Level, Watch
from agent.domain.handover_sheet import Sheet, Waiting
from agent.domain.ticket_text import Row
from agent.office import Office
from agent.store import ledger, spending
from agent.store.database import Store
from agent.store.ledger import StreamState
from agent.wire.kinds import HealthChanged
from agent.wire.line import ledger_thumbprint

WATCH = "handover_watch"
SHEET = "handover_sheet"  # pending, printed, or why it failed
PENDING, PRINTED = "pending", "printed"


class Standing(msgspec.Struct, frozen=True):
    """How hand-over stands: who is told, working days without it, lines of visits that wait.

    `held_back` of them wait because the day's bytes are spent.
    """

    level: Level
    days: int
    unsent: int
    held_back: int = 0


def kept(store: Store) -> Watch:
    """What the agent has counted so far."""
    text = ledger.facts(store, WATCH).get(WATCH, "")
    return msgspec.json.decode(text, type=Watch) if text else Watch()


def look(store: Store, office: Office) -> tuple[Watch, Watch, Backlog]:
    """What was counted before, what counts now, and what waits."""
    state, before = ledger.state(store, ledger.ENROLLMENTS), kept(store)
    backlog = Backlog(state.held, state.last)
    now = local_now(store, office)[0]
    working = office.hours.is_working_day(now.date()) and now.time() >= office.hours.open  # no sheet at midnight
    return before, escalation.watched(before, backlog, now.date(), working=working), backlog


def standing(store: Store, office: Office) -> Standing:
    """How hand-over stands now; nothing is written."""
    _, now, backlog = look(store, office)
    unsent = max(0, backlog.last - backlog.held)
    today = local(store.clock.wall_ms(), office.zone).date()
    return Standing(escalation.level(now.days), now.days, unsent, min(unsent, spending.held_back(store, today)))


def watch(store: Store, office: Office) -> Standing:
    """Count this day if it counts; another level is said by a line, and a sheet that is due waits for the printer."""
    before, now, backlog = look(store, office)
    was, level = escalation.level(before.days), escalation.level(now.days)
    if now != before:
        with store.write():
            ledger.set_fact(store, WATCH, msgspec.json.encode(now).decode())
            if level != was:
                said = f"{now.days} working days" if now.days else None
                ledger.append(store, HealthChanged("handover", level, was, said), "health")
            if escalation.prints(before, now):
                ledger.set_fact(store, SHEET, PENDING)
    return Standing(level, now.days, max(0, backlog.last - backlog.held))


def sheet(store: Store, office: Office) -> Sheet:
    """What a hand-over sheet says now."""
    states = ledger.states(store)
    own = office.settings.office
    return Sheet(
        office=own.name,
        code=own.code,
        regency=own.regency,
        kiosk=handover_sheet.short(ledger_thumbprint(states[0].ledger)),
        ledger=states[0].ledger.rpartition(".")[2],
        at=local(store.clock.wall_ms(), own.zone),
        days=standing(store, office).days,
        streams=tuple(waiting(store, office, state) for state in states),
    )


def waiting(store: Store, office: Office, state: StreamState) -> Waiting:
    """What waits of a stream, with the chain where central stands and at its end."""
    ends = [ledger.chain_at(store, state.stream, n) or b"" for n in (state.held, state.last)]
    since = None if state.oldest_unsent_t is None else local(state.oldest_unsent_t, office.zone).date()
    there, here = (handover_sheet.short(ledger.text_chain(chain)) for chain in ends)
    return Waiting(state.name, state.held, state.last, since, there, here)


def pending_sheet(store: Store) -> bool:
    """Whether a sheet waits for the printer."""
    return ledger.facts(store, SHEET).get(SHEET) == PENDING


def sheet_rows(store: Store, office: Office, columns: int) -> tuple[Row, ...]:
    """The sheet for the ticket printer."""
    return handover_sheet.rows(sheet(store, office), columns)


def sheet_told(store: Store, fault: str) -> None:
    """What became of the print, in a word or the printer's fault."""
    with store.write():
        ledger.set_fact(store, SHEET, fault or PRINTED)
