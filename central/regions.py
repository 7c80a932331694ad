"""Which kecamatan and village codes exist, kept small: eight bytes a village."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache


class RegionCodes:
    """The codes of the region table, without their names."""

    def __init__(self, offices: frozenset[str], villages: array[int]) -> None:
        self._offices = offices
        self._villages = villages

    def is_office(self, code: str) -> bool:
        """Whether the table has this kecamatan, PP.KK.CC."""
        return code in self._offices

    def is_village(self, code: str) -> bool:
        """Whether the table has this village, PP.KK.CC.VVVV."""
        digits = code.replace(".", "")
        if len(code) != 13 or len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
            return False
        at = bisect_left(self._villages, int(digits))
        return at < len(self._villages) and self._villages[at] == int(digits)


def codes_of(rows: Iterable[str]) -> RegionCodes:
    """The codes in the rows of a region table, `code,name,level` without the head."""
    codes = [row.partition(",")[0] for row in rows]
    villages = array("Q", sorted(int(code.replace(".", "")) for code in codes if len(code) == 13))
    return RegionCodes(frozenset(code for code in codes if len(code) == 8), villages)


@cache
def shipped_codes() -> RegionCodes:
    """The codes of the table that ships with Rekam, read at first use."""
    from config import tables

    lines = tables.shipped_lines(tables.REGIONS)
    next(lines)
    return codes_of(lines)
