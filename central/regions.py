"""Which kecamatan and village codes exist, kept small: eight bytes a village."""

from __future__ import annotations

import csv
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache


class RegionCodes:
    """The codes of the region table, with the names of the kecamatan alone."""

    def __init__(self, offices: dict[str, str], villages: array[int]) -> None:
        self._offices = offices
        self._villages = villages

    def is_office(self, code: str) -> bool:
        """Whether the table has this kecamatan, PP.KK.CC."""
        return code in self._offices

    def name(self, code: str) -> str:
        """The kecamatan's name; empty for a code that the table does not have."""
        return self._offices.get(code, "")

    def is_village(self, code: str) -> bool:
        """Whether the table has this village, PP.KK.CC.VVVV."""
        digits = code.replace(".", "")
        if len(code) != 13 or len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
            return False
        at = bisect_left(self._villages, int(digits))
        return at < len(self._villages) and self._villages[at] == int(digits)


def codes_of(rows: Iterable[str]) -> RegionCodes:
    """The codes in the rows of a region table, `code,name,level` without the head."""
    offices: dict[str, str] = {}
    villages = array("Q")
    for code, name, _level in csv.reader(rows):
        if len(code) == 8:
            offices[code] = name
        elif len(code) == 13:
            villages.append(int(code.replace(".", "")))
    return RegionCodes(offices, array("Q", sorted(villages)))


@cache
def shipped_codes() -> RegionCodes:
    """The codes of the table that ships with Rekam, read at first use."""
    from config import tables

    lines = tables.shipped_lines(tables.REGIONS)
    next(lines)
    return codes_of(lines)
