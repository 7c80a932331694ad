"""Invented people for training: old enough for their stories on any day, with NIK of a province that is not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from agent.domain.regions import KnownKecamatan
from agent.domain.services import Text
from agent.settings_values import Count, Words

KECAMATAN: Final = "99.01.01"  # no list since 2015 has a province 99, so no real NIK begins so
INVENTED: Final = KnownKecamatan([990101], [])


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody invented: `years` complete on the day of training, `days` since the last birthday."""

    name: Words
    sex: Literal["L", "P"]
    years: Count
    days: Count
    service: str
    outcome: str
    priority: bool = False
    story: Text

    def born(self, today: date) -> date:
        """The date of birth that makes the story true today; never 29 February."""
        last = today - timedelta(days=self.days)
        return date(last.year - self.years, last.month, 28 if (last.month, last.day) == (2, 29) else last.day)

    def nik(self, place: int, today: date) -> str:
        """A NIK that reads as the person's, and that every real office refuses; `place` makes it differ."""
        born = self.born(today)
        day = born.day + (40 if self.sex == "P" else 0)
        return f"{KECAMATAN.replace('.', '')}{day:02d}{born:%m%y}{place:04d}"


class People(msgspec.Struct, frozen=True, kw_only=True):
    """All of training.toml."""

    person: tuple[Person, ...]
