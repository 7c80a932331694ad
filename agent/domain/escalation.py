"""When people are told that nothing reaches central: by working days, counted as this office lives them.

The dates of lines are not asked: a clock that stood at 1970 for an hour must not alarm anybody.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

import msgspec

Level = Literal["none", "officer", "supervisor", "sheet"]
OFFICER_AFTER: Final = 1  # working days; a night may be what the office sends in
SUPERVISOR_AFTER: Final = 3
SHEET_AFTER: Final = 7


class Watch(msgspec.Struct, frozen=True):
    """Lines up to `upto` wait since `days` working days; `newest` is the last date counted, empty while none wait."""

    upto: int = 0
    days: int = 0
    newest: str = ""


class Backlog(msgspec.Struct, frozen=True):
    """A stream's last line, and up to which central holds it."""

    held: int
    last: int


def watched(before: Watch, backlog: Backlog, today: date, *, working: bool) -> Watch:
    """What is known after a look on a date; `working`: the office serves people on it.

    A day counts when the lines that waited on an earlier one still wait on this working day.
    """
    if backlog.held >= backlog.last:
        return Watch()
    if not before.newest or backlog.held >= before.upto:
        return Watch(backlog.last, 0, today.isoformat())
    if working and today.isoformat() != before.newest:
        return Watch(before.upto, before.days + 1, today.isoformat())
    return before


def level(days: int) -> Level:
    """Who is told after so many working days without hand-over."""
    if days >= SHEET_AFTER:
        return "sheet"
    if days >= SUPERVISOR_AFTER:
        return "supervisor"
    return "officer" if days >= OFFICER_AFTER else "none"


def prints(before: Watch, after: Watch) -> bool:
    """Whether a sheet is due: with the seventh day, and each seventh after it."""
    return after.days > before.days and after.days % SHEET_AFTER == 0
