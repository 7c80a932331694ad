"""Stretches of line numbers, both ends included; plain arithmetic."""

from __future__ import annotations

from collections.abc import Iterable

Piece = tuple[int, int]
Pieces = tuple[Piece, ...]


def without(pieces: Iterable[Piece], holes: Iterable[Piece]) -> Pieces:
    """The pieces with every hole cut out of them."""
    left = list(pieces)
    for low, high in holes:
        left = [part for first, last in left for part in ((first, min(last, low - 1)), (max(first, high + 1), last))]
        left = [(first, last) for first, last in left if first <= last]
    return tuple(left)


def overlapped(pieces: Iterable[Piece], first: int, last: int) -> Pieces:
    """The parts of the pieces that lie in first…last."""
    cut = ((max(low, first), min(high, last)) for low, high in pieces)
    return tuple((low, high) for low, high in cut if low <= high)


def joined(pieces: Iterable[Piece]) -> Pieces:
    """The pieces in order; those that overlap or touch are one."""
    found: list[Piece] = []
    for first, last in sorted(pieces):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def size(pieces: Iterable[Piece]) -> int:
    """How many numbers pieces have that do not overlap."""
    return sum(last - first + 1 for first, last in pieces)
