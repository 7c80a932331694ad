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
LocalDate = date  # a struct's own field is called date


class Day(msgspec.Struct, frozen=True):
    """A queue day: its number, its label, whether the label is believed, and the date that the clock showed last.

    `shown` differs from `date` while the clock is not believed. `opened_t` is the wall clock, ms UTC.
    """

    number: int
    date: date
    confirmed: bool
    is_open: bool
    shown: LocalDate
    opened_t: int = 0


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
    """What local date `today` means for the newest day; `sure` says that central's time stands behind it.

    A jump to a date that cannot be true changes nothing. But when the clock then goes on from day
    to day, so do the queue days, with the next date for a label: a wrong clock does not freeze them.
    """
    believed = believes(today, last, build, sure=sure)
    if last is None or not last.is_open:
        fresh = believed and (last is None or today > last.date)
        label = today if believed or last is None else last.date + timedelta(days=1)
        return Decision("open", label, fresh or sure)
    if today == last.date:
        return Decision("keep", last.date, last.confirmed or sure)
    if believed and today > last.date:
        return Decision("roll", today, confirmed=True)
    if believed and (sure or not last.confirmed):
        return Decision("relabel", today, sure)
    if last.shown < today <= last.shown + FURTHEST_STEP:
        return Decision("roll", today if believed else last.date + timedelta(days=1), confirmed=False)
    return Decision("keep", last.date, last.confirmed)


def closes(now: datetime, opened: datetime, office_close: time, *, waiting: int) -> bool:
    """Whether the clock's current day ends by itself at local time `now`.

    A day that was opened after hours, for people who came late, is not closed between two of them.
    """
    quiet = datetime.combine(now.date(), office_close) + AFTER_HOURS
    here, since = now.replace(tzinfo=None), opened.replace(tzinfo=None)
    return now.time() >= LATEST_CLOSE or (waiting == 0 and here >= quiet and not quiet <= since <= here)
