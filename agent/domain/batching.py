"""How much to put into one batch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

SMALLEST: Final = 4 * 1024
FIRST: Final = 128 * 1024
LARGEST: Final = 1024 * 1024  # raw bytes; compressed about a sixth of it


def cut(lines: Iterable[bytes], most: int) -> list[bytes]:
    """The longest run of `lines` of at most `most` raw bytes, but at least one line if there is any."""
    taken: list[bytes] = []
    size = 0
    for line in lines:
        size += len(line) + 1
        if taken and size > most:
            break
        taken.append(line)
    return taken


def after_success(most: int) -> int:
    """A batch went through: the next may be half as large again."""
    return min(most * 3 // 2, LARGEST)


def after_failure(most: int) -> int:
    """A batch did not go through: the next is half as large."""
    return max(most // 2, SMALLEST)


def next_range(held: int, floor: int, last: int, also: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
    """The first and last number that central lacks and the kiosk still has; None when there is nothing to send.

    Ranges that central has above a gap are skipped.
    """
    first = max(held + 1, floor)
    for start, end in also:
        if first < start:
            return first, start - 1
        first = max(first, end + 1)
    return (first, last) if first <= last else None
