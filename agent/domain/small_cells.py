"""Counts that leave the office: rounded to five, so that nobody is found in a small one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

STEP: Final = 5


def rounded(count: int) -> int:
    """The nearest multiple of five: 2 becomes 0, 3 becomes 5."""
    return STEP * ((count + STEP // 2) // STEP)


def total(counts: Iterable[int]) -> int:
    """The sum of the rounded counts, never the rounded sum: else a small cell could be reckoned from the others."""
    return sum(rounded(count) for count in counts)
