"""A stretch of days that a report is about: a day, a month or a year, all by the office's own dates."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

Unit = Literal["day", "month", "year"]
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})\Z", re.ASCII)
_YEAR: Final = re.compile(r"(\d{4})\Z", re.ASCII)
ONE_DAY: Final = timedelta(days=1)


class Period(msgspec.Struct, frozen=True):
    """From `first` to `last`, both included; `name` is 2026-11-22, 2026-11 or 2026."""

    unit: Unit
    first: date
    last: date

    @property
    def name(self) -> str:
        """The period as it stands in an address."""
        return self.first.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.unit]]

    def before(self) -> Period:
        """The period of the same unit that ends where this one begins."""
        return of(self.unit, self.first - ONE_DAY)

    def after(self) -> Period:
        """The period of the same unit that begins where this one ends."""
        return of(self.unit, self.last + ONE_DAY)

    def wider(self, unit: Unit) -> Period:
        """The period of another unit around the first day."""
        return of(unit, self.first)


def of(unit: Unit, day: date) -> Period:
    """The day, month or year that a date is in."""
    if unit == "day":
        return Period(unit, day, day)
    if unit == "month":
        return Period(unit, day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))
    return Period(unit, date(day.year, 1, 1), date(day.year, 12, 31))


def read(name: str) -> Period | None:
    """The period of a name; None for a name of none, and for one at the ends of the calendar, without a neighbour."""
    found = named(name)
    return found if found and found.first > date.min and found.last < date.max else None


def named(name: str) -> Period | None:
    """The period of a name; None for a name of none."""
    try:
        if month := _MONTH.match(name):
            return of("month", date(int(month[1]), int(month[2]), 1))
        if year := _YEAR.match(name):
            return of("year", date(int(year[1]), 1, 1))
        return of("day", date.fromisoformat(name)) if len(name) == 10 else None
    except (ValueError, OverflowError):
        return None
