"""What the office says of its rosters: sizes and villages, never people."""

from __future__ import annotations

from agent.wire.kinds.base import Kind
from agent.wire.line import Whole


class RosterLoaded(Kind, frozen=True, omit_defaults=True):
    """A list of expected people was taken in: so many rows, so many refused, kept until a date, YYYY-MM-DD."""

    roster: Whole
    purpose: str
    people: Whole
    refused: Whole
    expires: str
    by: Whole = 0


class RosterMatched(Kind, frozen=True, omit_defaults=True):
    """An officer confirmed by the card that a visit's person is on a roster."""

    roster: Whole
    visit: Whole
    village: str = ""
    by: Whole = 0
    of: str | None = None


class RosterDeleted(Kind, frozen=True, omit_defaults=True):
    """A roster is gone; `by` is 0 where its day had come."""

    roster: Whole
    by: Whole = 0
