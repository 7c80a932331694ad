"""What becomes of a visit, from its number to its outcome.

A visit is named by the (ledger, n) of its `ticket.taken` line. Where another line speaks of
it, `visit` is that n and `of` the ledger, left out when it is the line's own ledger.
"""

from __future__ import annotations

from agent.wire.kinds.base import Kind
from agent.wire.line import Whole


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
    trip: Whole | None = None  # n of the trip.opened line, while officers are in a village
    trip_of: str | None = None


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
    reason: str = ""


class TicketHanded(Kind, frozen=True, omit_defaults=True):
    """A place on a list was handed over: the person came and got number `to`, or others look after them."""

    visit: Whole
    by: Whole = 0
    of: str | None = None
    to: Whole | None = None


class ListPrinted(Kind, frozen=True, omit_defaults=True):
    """A supervisor printed places of a list with what could still be read of `count` people; never what was read."""

    list: str  # day | outreach
    count: Whole
    date: str = ""
    by: Whole = 0


class VisitFinished(Kind, frozen=True, omit_defaults=True):
    """What became of a visit; `status_code` is Kemendagri's own word, an open set."""

    visit: Whole
    outcome: str
    by: Whole = 0
    missing: tuple[str, ...] = ()
    status_code: str | None = None
    of: str | None = None
    reason: str | None = None  # why the person came: moved | married | changed | first | other
    repeated: bool = False  # an officer's word that the person came again for the same matter


class VisitCorrected(Kind, frozen=True, omit_defaults=True):
    """A later word on a finished visit; the last one counts."""

    visit: Whole
    outcome: str
    was: str
    by: Whole = 0
    missing: tuple[str, ...] = ()
    status_code: str | None = None
    of: str | None = None
    repeated: bool | None = None  # only where the officer's tick was wrong
    reason: str | None = None  # only where the reason was wrong; "": nobody knows it


class VisitOfAge(Kind, frozen=True, omit_defaults=True):
    """Whether the person is old enough for votes: the day that counts and the age → word. Never a date of birth."""

    visit: Whole
    votes: dict[str, bool]
    of: str | None = None
