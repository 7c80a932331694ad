"""Reads a NIK: PP KK CC DDMMYY SSSS, women with 40 added to the day. It proves nothing about registration.

There is no check digit, a NIK never changes, and its region code is the one in force when it was
issued: an old or unknown kecamatan is a word on the screen, never a refusal.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final, Literal, Protocol

import msgspec

Sex = Literal["L", "P"]
Word = Literal["century", "old-region", "unknown-region"]
Why = Literal["format", "province", "region", "date", "serial"]

OLDEST_YEARS: Final = 115  # people of 100 to 115 do come: nobody older was counted
_SEPARATORS: Final = re.compile(r"[\s.\u00ad\u2010-\u2015\u2212-]")  # what people type, print and paste between digits
_ALONE: Final = re.compile(r"(?<![0-9])[0-9]{16}(?![0-9])")
_SCANNED: Final = re.compile(r"^\][A-Za-z][0-9]")  # by which scanners may name the kind of code
LONGEST_TYPED: Final = 40  # room for separators; what is longer and holds no NIK is noise
LONGEST_SCANNED: Final = 512  # what a field takes: room for what a scanned paper puts around a NIK
_DIGITS: Final = re.compile(r"[0-9]{16}\Z")  # str.isdigit() would let other scripts' digits in


class Lists(Protocol):
    """What must be known of the lists of regions."""

    def standing(self, code: str) -> Literal["current", "former", "unknown"]:
        """Of a kecamatan PP.KK.CC."""

    def has_province(self, province: str) -> bool:
        """Whether a province PP was ever listed."""


class Nik(msgspec.Struct, frozen=True):
    """A well-formed NIK. `born` is the later date where two centuries fit, `born_earlier` the other."""

    number: str
    kecamatan: str
    sex: Sex
    born: date
    born_earlier: date | None = None
    words: tuple[Word, ...] = ()

    @property
    def masked(self) -> str:
        """What a log may show of it."""
        return "*" * 12 + self.number[-4:]

    def __repr__(self) -> str:
        return f"Nik({self.masked})"


class NikFault(msgspec.Struct, frozen=True):
    """Why a text is no NIK, and how many digits it has."""

    why: Why
    digits: int


def picked(text: str) -> str:
    """The 16 digits in what was typed, pasted or scanned; the text itself, cut short, where there is no such one."""
    heard = _SCANNED.sub("", text.strip())
    typed = re.sub(r"\D", "", heard) if len(heard) <= LONGEST_TYPED else ""  # whatever stands between in a short text
    for likely in (heard, _SEPARATORS.sub("", heard), typed):
        found: set[str] = set(_ALONE.findall(likely))
        if len(found) == 1:
            return found.pop()
    return heard[:LONGEST_TYPED]


def read_nik(text: str, today: date, lists: Lists) -> Nik | NikFault:
    """The NIK in `text`, with or without spaces, dots and hyphens; never raises.

    `today` must not be before the program's build date: a dead clock would turn birthdays into the future.
    """
    number = _SEPARATORS.sub("", text)
    if not _DIGITS.match(number):
        return NikFault("format", sum(letter in "0123456789" for letter in number))
    province, regency, kecamatan = number[:2], number[2:4], number[4:6]
    if not lists.has_province(province):
        return NikFault("province", 16)
    if "00" in (regency, kecamatan):
        return NikFault("region", 16)
    births = _births(number[6:12], today)
    if not births:
        return NikFault("date", 16)
    if number[12:] == "0000":
        return NikFault("serial", 16)
    code = f"{province}.{regency}.{kecamatan}"
    words = _words(births, lists.standing(code))
    return Nik(number, code, _sex(number), births[0], births[1] if len(births) == 2 else None, words)


def _sex(number: str) -> Sex:
    return "P" if int(number[6:8]) > 40 else "L"


def _births(digits: str, today: date) -> list[date]:
    """The dates that DDMMYY can mean on `today`, the latest first."""
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    day = day - 40 if day > 40 else day
    real = (_real(century + year, month, day) for century in (2000, 1900))
    possible = [born for born in real if born is not None and born <= today]
    return [born for born in possible if born == possible[0] or _age(born, today) <= OLDEST_YEARS]


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _age(born: date, today: date) -> int:
    """Completed years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _words(births: list[date], standing: Literal["current", "former", "unknown"]) -> tuple[Word, ...]:
    by_standing: dict[str, tuple[Word, ...]] = {"former": ("old-region",), "unknown": ("unknown-region",)}
    century: tuple[Word, ...] = ("century",) if len(births) == 2 else ()
    return century + by_standing.get(standing, ())
