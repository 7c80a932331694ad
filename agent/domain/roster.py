"""Rosters: lists of people who are expected, checked row by row, kept only as digests that name nobody.

A digest has log2(size) + 6 bits, so about one stranger in 64 meets somebody's digest: a match
means "check the card", and nobody can be looked up from what is stored.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Literal

import msgspec

from agent.domain.nik import NikFault, picked, read_nik
from agent.domain.regions import KnownKecamatan, Region
from agent.domain.roster_cells import Column, birth_date, person_name, plain, text

Purpose = Literal["pupils", "unrecorded", "dtks", "other"]
Why = Literal[
    "no-person",
    "nik",
    "nik-as-number",
    "name",
    "born",
    "born-contradicts",
    "village",
    "twice",
    "contradicts",
    "too-many",
    "header",
    "empty",
    "file",
    "quotes",
    "broke-off",
]

PURPOSES: Final[tuple[Purpose, ...]] = ("pupils", "unrecorded", "dtks", "other")
EXTRA_BITS: Final = 6  # one stranger in 64
DIGEST_BITS: Final = 48  # of each row until the roster's size is known
MOST_ROWS: Final = 200_000  # that say anything
LAST_ROW: Final = 1_048_576  # of a spreadsheet: one stray cell there makes a million empty rows
# What stands before a village's name: `Desa/Kel. Saliki`, `DS. SALIKI`.
_KIND_OF_VILLAGE: Final = re.compile(r"^((desa|ds|kelurahan|kel)\b[\s./:]*)+", re.IGNORECASE)


class Person(msgspec.Struct, frozen=True):
    """Who is expected: a NIK, or a name with a date of birth; `village` is a code, empty where none was given."""

    nik: str = ""
    name: str = ""
    born: date | None = None
    village: str = ""

    @property
    def words(self) -> str:
        """What the digest is made of."""
        return f"nik {self.nik}" if self.nik else f"name {self.name} {self.born}"


class RowFault(msgspec.Struct, frozen=True):
    """Why a row was refused; rows are counted from 1, the header included, as a spreadsheet shows them."""

    row: int
    why: Why


class Expected(msgspec.Struct, frozen=True):
    """One person of a roster: a digest of DIGEST_BITS bits, and the village."""

    digest: int
    village: str


class Checker:
    """Checks the rows of one roster, and remembers who was there already."""

    def __init__(
        self,
        columns: Mapping[int, Column],
        villages: Iterable[Region],
        known: KnownKecamatan,
        today: date,
        secret: bytes,
    ) -> None:
        self.columns = columns
        self.villages = {plain(name): village.code for village in villages for name in (village.name, village.code)}
        self.known = known
        self.today = today
        self.secret = secret
        self.people: dict[int, str] = {}

    def check(self, number: int, cells: Sequence[object]) -> RowFault | None:
        """Take a row in, or say why not; a row that says nothing at all is neither."""
        if is_empty(cells):
            return None
        found = self.person({column: cells[place] for place, column in self.columns.items() if place < len(cells)})
        if not isinstance(found, Person):
            return RowFault(number, found)
        why = self.keep(found)
        return RowFault(number, why) if why else None

    def person(self, values: Mapping[Column, object]) -> Person | Why:
        """The person of a row, or what is wrong with it."""
        village = self.village(text(values.get("village")))
        if text(values.get("village")) and not village:
            return "village"
        born = birth_date(values.get("born"), self.today)
        if text(values.get("born")) and born is None:
            return "born"
        if text(values.get("nik")):
            return self.with_nik(values["nik"], born, village)
        name = person_name(text(values.get("name")))
        if not name or born is None:
            return "name" if text(values.get("name")) and not name else "no-person"
        return Person(name=name, born=born, village=village)

    def village(self, typed: str) -> str:
        """The code of a village by its code or name; empty for one of elsewhere."""
        return self.villages.get(plain(typed)) or self.villages.get(plain(_KIND_OF_VILLAGE.sub("", typed)), "")

    def with_nik(self, typed: object, born: date | None, village: str) -> Person | Why:
        """The person of a NIK; a spreadsheet's number has only 15 true digits, so the sixteenth is lost."""
        if isinstance(typed, int | float):
            return "nik-as-number"
        found = read_nik(picked(text(typed)), self.today, self.known)
        if isinstance(found, NikFault):
            return "nik"
        if born is not None and born not in (found.born, found.born_earlier):
            return "born-contradicts"
        return Person(nik=found.number, village=village)

    def keep(self, person: Person) -> Why | None:
        """Remember a person; who came before is refused, with another village as a contradiction."""
        digest = digest_of(person, self.secret)
        if digest in self.people:
            return "twice" if self.people[digest] == person.village else "contradicts"
        self.people[digest] = person.village
        return None

    def expected(self) -> Iterator[Expected]:
        """Everybody who was taken in, with digests as short as the roster's size allows."""
        bits = bits_for(len(self.people))
        return (Expected(short(digest, bits), village) for digest, village in self.people.items())


def digest_of(person: Person, secret: bytes) -> int:
    """DIGEST_BITS bits of a keyed hash."""
    whole = hmac.digest(secret, person.words.encode(), hashlib.sha256)
    return int.from_bytes(whole, "big") >> (256 - DIGEST_BITS)


def bits_for(size: int) -> int:
    """How many bits of a digest a roster of that size keeps: log2(size) + 6, rounded up."""
    return max(0, size - 1).bit_length() + EXTRA_BITS


def short(digest: int, bits: int) -> int:
    """The first bits of a digest."""
    return digest >> (DIGEST_BITS - bits)


def is_empty(cells: Sequence[object]) -> bool:
    """Whether a row says nothing."""
    return not any(cells) or not any(text(cell) for cell in cells)
