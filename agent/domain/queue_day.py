"""Which queue day a number belongs to, whatever the clock says.

A queue day is a growing counter; its date is only a label. So a dead battery (1970, 2099) can
give a day a wrong label, but can never give a number twice.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final, Literal

import msgspec

FURTHEST_STEP: Final = timedelta(days=31)  # a larger jump is a broken clock, not a holiday
LATEST_CLOSE: Final = time(23, 59)
AFTER_HOURS: Final = timedelta(hours=2)

Step = Literal["keep", "open", "roll", "relabel"]


class Day(msgspec.Struct, frozen=True):
    """A queue day: its number, its label, and whether the label is believed."""

    number: int
    date: date
    confirmed: bool
    is_open: bool


class Decision(msgspec.Struct, frozen=True):
    """What to do with the day, and the label and belief of the one to use."""

    step: Step
    date: date
    confirmed: bool


def believes(today: date, last: Day | None, build: date, *, sure: bool) -> bool:
    """Whether a date may be true: not before this program was built, at most 31 days on, or confirmed."""
    if sure:
        return True
    return today >= build and (last is None or today <= last.date + FURTHEST_STEP)


def decide(last: Day | None, today: date, build: date, *, sure: bool) -> Decision:
    """What a request at local date `today` means for the newest day.

    `sure` says that central's time or an officer confirms the date.
    """
    believed = believes(today, last, build, sure=sure)
    if last is None or not last.is_open:
        fresh = believed and (last is None or today > last.date)
        label = today if believed or last is None else last.date + timedelta(days=1)
        return Decision("open", label, fresh)
    if today == last.date:
        return Decision("keep", last.date, last.confirmed or sure)
    if today > last.date:
        return Decision("roll", today, confirmed=True) if believed else Decision("keep", last.date, last.confirmed)
    wrong_before = today >= build and (sure or not last.confirmed)
    return Decision("relabel", today, sure) if wrong_before else Decision("keep", last.date, last.confirmed)


def closes(now: datetime, day: Day, office_close: time, *, waiting: int) -> bool:
    """Whether an open day ends by itself at local time `now` of its own date."""
    if now.date() != day.date:
        return False  # the next ticket, or the agent, rolls it over
    quiet = datetime.combine(day.date, office_close) + AFTER_HOURS
    return now.time() >= LATEST_CLOSE or (waiting == 0 and now.replace(tzinfo=None) >= quiet)
