"""Counts that leave the office: below five only that, else rounded to five, so that nobody is found in a small one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

STEP: Final = 5
HIDDEN: Final = "<5"


def shown(count: int) -> int | str:
    """The nearest multiple of five, and HIDDEN for 0 to 4: a village of nobody looks like one of four."""
    return rounded(count) if count >= STEP else HIDDEN


def rounded(count: int) -> int:
    """The nearest multiple of five, and 0 for what is not shown."""
    return STEP * ((count + STEP // 2) // STEP) if count >= STEP else 0


def total(counts: Iterable[int]) -> int:
    """The sum of the counts as shown, hidden ones as nothing: else a small cell could be reckoned from the others."""
    return sum(rounded(count) for count in counts)
