"""Jemput bola: what a trip is for, what its place may be called, and which villages nobody reached for long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

import msgspec

from agent.domain.regions import Region
from agent.errors import BadData

PURPOSES: Final = ("village", "school", "event", "home", "other")
LONGEST_PLACE: Final = 60
MOST_STATED: Final = 5_000  # in one trip
UNSERVED_DAYS: Final = 90
_DIGITS: Final = re.compile(r"[0-9](?:[ .-]?[0-9]){5}")  # a NIK, a phone number; SMAN 1 and RT 012 pass


class Village(msgspec.Struct, frozen=True):
    """A village, the last day somebody from it came or was visited (None: never), and who waits on its list."""

    code: str
    name: str
    last: date | None
    listed: int = 0


def place(typed: str) -> str:
    """A place as typed, its spaces tidied; raises BadData `trip-place` for none, for a long one, or for a number.

    The word travels to central, so nothing that could be somebody's number may stand in it.
    """
    tidy = " ".join(typed.split())
    if not tidy or len(tidy) > LONGEST_PLACE or _DIGITS.search(tidy) or not tidy.isprintable():
        raise BadData("trip-place", "name a place in at most 60 letters, without long numbers", field="place")
    return tidy


def purpose(typed: str) -> str:
    """One of PURPOSES; raises BadData `trip-purpose`."""
    if typed not in PURPOSES:
        raise BadData("trip-purpose", f"a purpose is one of {', '.join(PURPOSES)}", field="purpose")
    return typed


def stated(typed: str) -> int:
    """How many people an officer says were served without a number; raises BadData `trip-stated`."""
    tidy = typed.strip() or "0"
    if not (tidy.isascii() and tidy.isdecimal()) or int(tidy) > MOST_STATED:
        raise BadData("trip-stated", f"a number from 0 to {MOST_STATED}", field="stated")
    return int(tidy)


def latest(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The last date, YYYY-MM-DD, of each village among (village, date) pairs."""
    found: dict[str, str] = {}
    for village, day in pairs:
        found[village] = max(day, found.get(village, ""))
    return found


def unserved(
    villages: Iterable[Region], last: Mapping[str, date], listed: Mapping[str, int], today: date
) -> list[Village]:
    """The villages without a visit for 90 days, those never visited first, then by the oldest visit."""
    told = [Village(each.code, each.name, last.get(each.code), listed.get(each.code, 0)) for each in villages]
    since = today - timedelta(days=UNSERVED_DAYS)
    found = [village for village in told if village.last is None or village.last < since]
    return sorted(found, key=lambda village: (village.last or date.min, village.code))
