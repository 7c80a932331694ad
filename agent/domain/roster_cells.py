"""How the cells of a roster are read: which row names the columns, and what names and dates look like."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final, Literal

Column = Literal["nik", "name", "born", "village"]

HEADER_ROWS: Final = 10  # a title, a letterhead and an empty row may stand above the names of the columns
EXCEL_EPOCH: Final = date(1899, 12, 30)
OLDEST: Final = date(1900, 1, 1)
# What the columns are called in lists that schools, villages and the social office send.
HEADERS: Final[Mapping[str, Column]] = {
    "nik": "nik", "noktp": "nik", "nonik": "nik", "nomorindukkependudukan": "nik",
    "nama": "name", "namalengkap": "name", "name": "name", "namasiswa": "name",
    "lahir": "born", "born": "born", "birthdate": "born", "ttl": "born",
    "desa": "village", "kelurahan": "village", "desakelurahan": "village", "desakel": "village", "village": "village",
    "namadesa": "village", "kodedesa": "village", "alamatdesa": "village",
}  # fmt: skip
BORN_TOO: Final = ("tanggallahir", "tgllahir")  # ends of headers such as `Tempat, Tgl. Lahir`
_MONTHS: Final = (
    "jan januari january", "feb peb februari pebruari february", "mar maret march", "apr april", "mei may",
    "jun juni june", "jul juli july", "agu agt ags agst agustus aug august", "sep sept september",
    "okt oktober oct october", "nov nop november nopember", "des desember dec december",
)  # fmt: skip
MONTHS: Final = {word: month for month, words in enumerate(_MONTHS, 1) for word in words.split()}
_CLOCK: Final = re.compile(r"[t ]\d\d:\d\d.*")
_DAY_FIRST: Final = re.compile(r"\D*?(\d{1,2})[\W_]+(\d{1,2}|[a-z]+)[\W_]+(\d{4})")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[\W_]+(\d{1,2})[\W_]+(\d{1,2})")


def find_header(rows: Iterator[Sequence[object]]) -> tuple[int, dict[int, Column]] | None:
    """The first of ten rows that tells people apart: its number, counted from 1, and its columns; it is taken out."""
    for number, cells in enumerate(islice(rows, HEADER_ROWS), 1):
        columns = read_header(cells)
        if is_enough(columns):
            return number, columns
    return None


def read_header(cells: Sequence[object]) -> dict[int, Column]:
    """Place → column of the header's names that are known; the first of two alike counts."""
    found: dict[int, Column] = {}
    for place, cell in enumerate(cells):
        column = column_of(plain(text(cell)))
        if column and column not in found.values():
            found[place] = column
    return found


def is_enough(columns: Mapping[int, Column]) -> bool:
    """Whether people can be told apart by these columns: a NIK, or name and date of birth."""
    there = set(columns.values())
    return "nik" in there or {"name", "born"} <= there


def column_of(header: str) -> Column | None:
    """What a plain header names."""
    return "born" if header.endswith(BORN_TOO) else HEADERS.get(header)


def text(cell: object) -> str:
    """What a cell says."""
    return "" if cell is None else str(cell).strip()


def plain(words: str) -> str:
    """`Tanggal Lahir` → `tanggallahir`, `Désa` → `desa`."""
    bare = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in bare if letter.isalnum())


def person_name(typed: str) -> str:
    """A name as it is compared: letters only, one case, no titles' dots; empty for what is none."""
    words = re.sub(r"[^\w' ]", " ", unicodedata.normalize("NFKC", typed)).casefold().split()
    return " ".join(words) if any(letter.isalpha() for letter in typed) else ""


def birth_date(cell: object, today: date) -> date | None:
    """`27-11-2007`, `27/11/2007`, `2007-11-27`, a date, or a spreadsheet's number of days; None for anything else."""
    found = from_number(cell) if isinstance(cell, int | float) else cell
    if isinstance(found, str):
        found = from_number(float(found)) if re.fullmatch(r"[1-5]\d{4}(\.0)?", found.strip()) else from_words(found)
    day = found.date() if isinstance(found, datetime) else found if isinstance(found, date) else None
    return day if day is not None and OLDEST <= day <= today else None


def from_number(days: float) -> date | None:
    """A spreadsheet's date: days since the end of 1899."""
    return EXCEL_EPOCH + timedelta(days=int(days)) if 0 < days < 80_000 else None


def from_words(typed: str) -> date | None:
    """A date with a year of four digits, day or year first, the month in digits or letters, perhaps after a place."""
    words = _CLOCK.sub("", typed.strip().casefold())
    year_first, day_first = _YEAR_FIRST.fullmatch(words), _DAY_FIRST.fullmatch(words)
    found = year_first.groups() if year_first else day_first.groups()[::-1] if day_first else ("", "", "")
    year, month, of_month = found
    try:
        return date(int(year), MONTHS.get(month) or int(month), int(of_month))
    except ValueError:
        return None
