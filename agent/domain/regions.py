"""Kemendagri's region codes: what they look like, which an office needs, which a NIK may carry.

They are not the codes of BPS: 64.02 is Kutai Kartanegara here and Kutai Barat there.
"""

from __future__ import annotations

import csv
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Final, Literal

import msgspec

from agent.errors import BadData, SettingsError, UsageError

Level = Literal["province", "regency", "kecamatan", "desa", "kelurahan"]
Standing = Literal["current", "former", "unknown"]

HEADER: Final = ("code", "name", "level")
_CODE: Final = re.compile(r"[1-9][0-9](\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?\Z")
_TYPED: Final = re.compile(r"([1-9][0-9])\.?([0-9]{2})\.?([0-9]{2})\Z")
_LENGTHS: Final[dict[str, int]] = {"province": 2, "regency": 5, "kecamatan": 8, "desa": 13, "kelurahan": 13}

# By first digit where that settles it, else by province: 61 and 62 keep Java's time, the rest of Kalimantan does not.
ZONES: Final[dict[str, str]] = {
    **dict.fromkeys("123", "Asia/Jakarta"),
    **dict.fromkeys(("61", "62"), "Asia/Jakarta"),
    **dict.fromkeys(("5", "63", "64", "65", "7"), "Asia/Makassar"),
    **dict.fromkeys("89", "Asia/Jayapura"),
}
EVERYWHERE: Final = "Indonesia"  # the area of what holds for all
ZONE_NAMES: Final = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def covers(area: str, office: str) -> bool:
    """Whether an area, EVERYWHERE or a code of any level, has a kecamatan, PP.KK.CC, in it."""
    return area in (EVERYWHERE, office) or office.startswith(f"{area}.")


class Region(msgspec.Struct, frozen=True):
    """One row of the table: `code` with dots, PP, PP.KK, PP.KK.CC or PP.KK.CC.VVVV."""

    code: str
    name: str
    level: Level


class OfficeRegions(msgspec.Struct, frozen=True):
    """The part of the table that one kecamatan office needs."""

    province: Region
    regency: Region
    kecamatan: Region
    villages: tuple[Region, ...]

    def village(self, code: str) -> Region | None:
        """The village of this office with that code, else None."""
        return next((village for village in self.villages if village.code == code), None)


class KnownKecamatan:
    """Every kecamatan code of the lists since 2015, four bytes each."""

    def __init__(self, current: Sequence[int], former: Sequence[int]) -> None:
        self._current = array("I", sorted(current))
        self._former = array("I", sorted(former))

    def standing(self, code: str) -> Standing:
        """Whether the kecamatan PP.KK.CC is in today's list, only in an older one, or in none."""
        number = _number(code)
        if _holds(self._current, number):
            return "current"
        return "former" if _holds(self._former, number) else "unknown"

    def has_province(self, province: str) -> bool:
        """Whether any list has a kecamatan in the province PP."""
        lowest = int(province) * 10_000
        return any(_next(codes, lowest) // 10_000 == int(province) for codes in (self._current, self._former))


def _number(code: str) -> int:
    return int(code.replace(".", ""))


def _next(codes: Sequence[int], number: int) -> int:
    at = bisect_left(codes, number)
    return codes[at] if at < len(codes) else -1


def _holds(codes: Sequence[int], number: int) -> bool:
    return _next(codes, number) == number


def parse_office(typed: str) -> str:
    """`64.02.05` or `640205` → `64.02.05`; raises UsageError `bad-office`."""
    match = _TYPED.match(typed.strip())
    if match is None:
        raise UsageError(
            "bad-office", f'an office is a kecamatan code such as 64.02.05 or 640205, not "{typed}"', field="office"
        )
    return ".".join(match.groups())


def zone_of(code: str) -> str:
    """The IANA zone of a region by its province; raises BadData `unknown-province`."""
    zone = ZONES.get(code[:2]) or ZONES.get(code[:1])
    if zone is None:
        raise BadData("unknown-province", f"no time zone is known for province {code[:2]}", field="province")
    return zone


def read_regions(lines: Iterable[str], *, file: str = "") -> Iterator[Region]:
    """The rows of a region table in CSV; raises SettingsError that names the line."""
    rows = csv.reader(lines)
    if tuple(next(rows, ())) != HEADER:
        raise SettingsError("settings", f"the first line must be {','.join(HEADER)}", file=file, field="line 1")
    try:
        for row in rows:
            yield _region(row)
    except (ValueError, csv.Error) as fault:
        raise SettingsError("settings", str(fault), file=file, field=f"line {rows.line_num}") from fault


def _region(row: Sequence[str]) -> Region:
    if len(row) != 3 or not _CODE.match(row[0]) or not row[1].strip() or _LENGTHS.get(row[2]) != len(row[0]):
        raise ValueError(f"must be a code, a name and its level, and not {','.join(row)[:60]!r}")
    return Region(row[0], row[1], row[2])  # type: ignore[arg-type]  # the level was looked up in _LENGTHS


def write_regions(part: OfficeRegions) -> str:
    """The office's part as CSV, as `read_regions` reads it back."""
    rows = [HEADER, *((each.code, each.name, each.level) for each in _rows(part))]
    return "".join(",".join(map(_quoted, row)) + "\n" for row in rows)


def _rows(part: OfficeRegions) -> list[Region]:
    return [part.province, part.regency, part.kecamatan, *part.villages]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"') else text


def office_part(regions: Iterable[Region], office: str, *, file: str = "") -> OfficeRegions:
    """What the kecamatan `office` (with dots) needs; raises BadData `unknown-office` with its nearest neighbours."""
    above: dict[str, Region] = {}
    villages: list[Region] = []
    siblings: list[Region] = []
    for region in regions:
        if region.code in (office[:2], office[:5], office):
            above[region.code] = region
        elif region.code.startswith(office + "."):
            villages.append(region)
        elif region.level == "kecamatan":
            siblings.append(region)
    if office not in above:
        raise BadData("unknown-office", _no_such_office(office, siblings), file=file, field="office")
    for code in {office[:2], office[:5]} - above.keys():
        raise BadData("unknown-office", f"there is no row of {code}, to which {office} belongs", file=file, field=code)
    return OfficeRegions(above[office[:2]], above[office[:5]], above[office], tuple(villages))


def read_office_regions(lines: Iterable[str], office: str, *, file: str = "") -> OfficeRegions:
    """The office's regions.csv; raises SettingsError that names the line, or the region it lacks."""
    try:
        part = office_part(read_regions(lines, file=file), office, file=file)
    except BadData as fault:
        raise SettingsError("settings", fault.sentence, file=file, field=fault.field) from fault
    return part


def _no_such_office(office: str, kecamatan: Sequence[Region]) -> str:
    names = {region.code: region.name for region in kecamatan}
    here = [code for code in names if code.startswith(office[:5])]
    near = get_close_matches(office, here or names, n=3, cutoff=0)
    nearest = ", ".join(f"{code} {names[code]}" for code in near)
    return f"no kecamatan has the code {office}; near it are {nearest}" if near else f"this table has no {office}"


def read_known_kecamatan(lines: Iterable[str], *, current: str = "2025") -> KnownKecamatan:
    """From rows `code,name,first_list,last_list`: a code is current if `current` is its last list."""
    now: list[int] = []
    once: list[int] = []
    for row in csv.DictReader(lines):
        (now if row["last_list"] == current else once).append(_number(row["code"]))
    return KnownKecamatan(now, once)
