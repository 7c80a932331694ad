"""What lines say: one struct per kind. Fields are only ever added, meanings never change.

A visit is named by the (ledger, n) of its `ticket.taken` line. Where another line speaks of
it, `visit` is that n and `of` the ledger, left out when it is the line's own ledger.
"""

from __future__ import annotations

import msgspec

from agent.wire.line import CARRIED, Whole


class Kind(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of the data of every kind; KIND_NAMES gives the word in the line's `k`."""


class LedgerContinued(Kind, frozen=True, omit_defaults=True):
    """First line of each stream of a new ledger: it goes on after (ledger, n, chain)."""

    ledger: str
    n: Whole
    chain: str
    last: Whole
    reason: str  # restored | damaged | cloned | chain-mismatch | asked
    proof: str | None = None


class Carried(Kind, frozen=True, omit_defaults=True):
    """A line of an earlier ledger, quoted whole under its old identity."""

    ledger: str
    stream: str
    n: Whole
    line: str


class ClockAnchored(Kind, frozen=True, omit_defaults=True):
    """A boot or a contact: `boot` names it, `offset_ms` is central's clock minus ours."""

    boot: str
    offset_ms: Whole | None = None


class ClockStepped(Kind, frozen=True, omit_defaults=True):
    """The wall clock jumped from `before` to `after`, both ms UTC."""

    before: Whole
    after: Whole
    offset_ms: Whole | None = None


class DayOpened(Kind, frozen=True, omit_defaults=True):
    """Queue day `day`, a growing counter, labelled with a local date."""

    day: Whole
    date: str
    confirmed: bool = True


class DayRelabelled(Kind, frozen=True, omit_defaults=True):
    """The open queue day got another date: the clock was wrong."""

    day: Whole
    date: str
    was: str


class DayClosed(Kind, frozen=True, omit_defaults=True):
    """No more calls on this queue day; `by` is an officer's number, 0 the agent."""

    day: Whole
    reason: str
    by: Whole = 0


class TicketTaken(Kind, frozen=True, omit_defaults=True):
    """A number was given. `village` is a code, `outside` or `unknown`; the NIK is never here."""

    day: Whole
    ticket: str
    service: str
    office: str
    village: str
    priority: bool = False
    by: Whole = 0
    noted: Whole | None = None  # ms UTC of a visit that was noted on paper first


class TicketCalled(Kind, frozen=True, omit_defaults=True):
    """A number was called to a counter; `again` counts the calls before this one."""

    visit: Whole
    counter: Whole
    by: Whole = 0
    again: Whole = 0
    of: str | None = None


class TicketAbsent(Kind, frozen=True, omit_defaults=True):
    """Nobody came to a call; the number waits again, and is called after others."""

    visit: Whole
    by: Whole = 0
    of: str | None = None


class TicketHeld(Kind, frozen=True, omit_defaults=True):
    """A number waits aside, until it is released or called."""

    visit: Whole
    reason: str = ""
    by: Whole = 0
    of: str | None = None


class TicketReleased(Kind, frozen=True, omit_defaults=True):
    """A held number is back in its place in the line."""

    visit: Whole
    by: Whole = 0
    of: str | None = None


class TicketMoved(Kind, frozen=True, omit_defaults=True):
    """A number waits for another service; the number stays."""

    visit: Whole
    service: str
    was: str
    reason: str = ""
    by: Whole = 0
    of: str | None = None


class TicketListed(Kind, frozen=True, omit_defaults=True):
    """A place on a list for another day, at the office or in the village; `date` may come later."""

    visit: Whole
    list: str  # day | outreach
    service: str
    village: str
    date: str = ""
    by: Whole = 0
    of: str | None = None


class CounterOpened(Kind, frozen=True, omit_defaults=True):
    """An officer declared a counter open; no services means all."""

    counter: Whole
    services: tuple[str, ...] = ()
    by: Whole = 0


class CounterClosed(Kind, frozen=True, omit_defaults=True):
    """An officer declared a counter closed."""

    counter: Whole
    by: Whole = 0


class NoticeSet(Kind, frozen=True, omit_defaults=True):
    """People are told of a disturbance; `proposed` when the agent saw it and nobody confirmed it yet."""

    notice: Whole
    what: str
    services: tuple[str, ...] = ()
    by: Whole = 0
    proposed: bool = False


class NoticeCleared(Kind, frozen=True, omit_defaults=True):
    """A disturbance is over."""

    notice: Whole
    by: Whole = 0


class VisitFinished(Kind, frozen=True, omit_defaults=True):
    """What became of a visit; `status_code` is Kemendagri's own word, an open set."""

    visit: Whole
    outcome: str
    by: Whole = 0
    missing: tuple[str, ...] = ()
    status_code: str | None = None
    of: str | None = None


class VisitCorrected(Kind, frozen=True, omit_defaults=True):
    """A later word on a finished visit; the last one counts."""

    visit: Whole
    outcome: str
    was: str
    by: Whole = 0
    missing: tuple[str, ...] = ()
    status_code: str | None = None
    of: str | None = None


class OfficerSigned(Kind, frozen=True, omit_defaults=True):
    """An officer, by number, signed in, out, or failed to."""

    officer: Whole
    event: str  # in | out | failed | locked


class OfficerChanged(Kind, frozen=True, omit_defaults=True):
    """An officer's account was added, reset or closed; never a name."""

    officer: Whole
    event: str
    role: str
    by: Whole = 0


class SettingsChanged(Kind, frozen=True, omit_defaults=True):
    """Settings of `version` (epoch, number) were applied, or refused for `reason`."""

    version: tuple[Whole, Whole]
    applied: bool
    reason: str | None = None


class HealthSummary(Kind, frozen=True, omit_defaults=True):
    """A quarter hour of readings: name → [lowest, mean, highest]; `states` counts others."""

    since: Whole
    rounds: Whole
    readings: dict[str, tuple[float, float, float]]
    states: dict[str, dict[str, Whole]] = {}


class HealthChanged(Kind, frozen=True, omit_defaults=True):
    """A probe or the link went from one state to another."""

    what: str
    state: str
    was: str
    evidence: str | None = None


KINDS: dict[str, type[Kind]] = {
    "ledger.continued": LedgerContinued,
    CARRIED: Carried,
    "clock.anchored": ClockAnchored,
    "clock.stepped": ClockStepped,
    "day.opened": DayOpened,
    "day.relabelled": DayRelabelled,
    "day.closed": DayClosed,
    "ticket.taken": TicketTaken,
    "ticket.called": TicketCalled,
    "ticket.absent": TicketAbsent,
    "ticket.held": TicketHeld,
    "ticket.released": TicketReleased,
    "ticket.moved": TicketMoved,
    "ticket.listed": TicketListed,
    "counter.opened": CounterOpened,
    "counter.closed": CounterClosed,
    "notice.set": NoticeSet,
    "notice.cleared": NoticeCleared,
    "visit.finished": VisitFinished,
    "visit.corrected": VisitCorrected,
    "officer.signed": OfficerSigned,
    "officer.changed": OfficerChanged,
    "settings.changed": SettingsChanged,
    "health.summary": HealthSummary,
    "health.changed": HealthChanged,
}
KIND_NAMES: dict[type[Kind], str] = {struct: name for name, struct in KINDS.items()}
