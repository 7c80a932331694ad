"""What becomes of a visit, line by line; the lines may come in any order and more than once. Pure.

Of two lines that say the same kind of thing, the one that stands later has the word. A line's rank
says how late it stands: lines of a ledger that goes on from another stand after all of that one's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from agent.clock import local
from agent.domain.regions import zone_of
from agent.wire.kinds import DayOpened, DayRelabelled, Kind, TicketCalled, TicketTaken, VisitCorrected, VisitFinished
from central.labels import label

DEEPEST: Final = 1023  # (depth, n) in one integer of 63 bits: 10 bits of forks, 53 bits of lines
LATEST_MS: Final = 253_402_000_000_000  # in December 9999; a clock beyond it has no local date


class Visit(msgspec.Struct):
    """A row of `visit`, its columns in their order; times are ms UTC by the kiosk's clock."""

    ledger: str
    n: int
    office: str | None = None
    day: int | None = None
    date: str | None = None
    ticket: str | None = None
    service: str | None = None
    village: str | None = None
    priority: bool | None = None
    taken: int | None = None
    called: int | None = None
    called_rank: int | None = None
    calls: int = 0
    finished: int | None = None
    finished_rank: int | None = None
    outcome: str | None = None
    outcome_rank: int | None = None
    corrected: bool = False


class Fact(msgspec.Struct, frozen=True):
    """A line under the identity it counts by: its wall clock, its rank, and what it says."""

    ledger: str
    n: int
    t: int
    rank: int
    kind: Kind


def rank(depth: int, n: int) -> int:
    """How late line `n` stands, in a ledger that goes on from `depth` others."""
    return min(depth, DEEPEST) << 53 | n


def local_date(t: int, office: str) -> str:
    """The date at the office when its clock said `t`."""
    return local(min(t, LATEST_MS), zone_of(office)).date().isoformat()


def _taken(visit: Visit, fact: Fact, kind: Any) -> None:
    visit.office, visit.service, visit.village = label(kind.office), label(kind.service), label(kind.village)
    visit.day, visit.ticket, visit.priority = kind.day, label(kind.ticket), kind.priority
    visit.taken = fact.t
    visit.date = local_date(fact.t, kind.office)


def _called(visit: Visit, fact: Fact, kind: Any) -> None:
    visit.calls = max(visit.calls, min(kind.again, 2**31) + 1)
    if visit.called_rank is None or fact.rank < visit.called_rank:
        visit.called, visit.called_rank = fact.t, fact.rank


def _finished(visit: Visit, fact: Fact, kind: Any) -> None:
    if visit.finished_rank is None or fact.rank < visit.finished_rank:
        visit.finished, visit.finished_rank = fact.t, fact.rank
    _outcome(visit, fact, kind)


def _corrected(visit: Visit, fact: Fact, kind: Any) -> None:
    visit.corrected = True
    _outcome(visit, fact, kind)


def _outcome(visit: Visit, fact: Fact, kind: Any) -> None:
    if visit.outcome_rank is None or fact.rank >= visit.outcome_rank:
        visit.outcome, visit.outcome_rank = label(kind.outcome), fact.rank


CHANGES: Final[dict[type[Kind], Callable[[Visit, Fact, Any], None]]] = {
    TicketTaken: _taken,
    TicketCalled: _called,
    VisitFinished: _finished,
    VisitCorrected: _corrected,
}


def apply(visit: Visit, fact: Fact) -> None:
    """Change the visit by what the line says of it."""
    CHANGES[type(fact.kind)](visit, fact, fact.kind)


class DayLabel(msgspec.Struct, frozen=True):
    """A row of `queue_day`."""

    ledger: str
    day: int
    date: str
    rank: int


def day_label(fact: Fact) -> DayLabel | None:
    """The date that a line gives to a queue day, if it gives one."""
    if not isinstance(fact.kind, DayOpened | DayRelabelled):
        return None
    return DayLabel(fact.ledger, fact.kind.day, label(fact.kind.date), fact.rank)
