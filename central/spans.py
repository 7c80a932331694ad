"""Stretches of a stream with the chains at their ends; plain arithmetic, used by the judge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec


class Run(msgspec.Struct, frozen=True):
    """Held lines above a gap; `before` is the chain below its first line, `chain` that at its last."""

    first: int
    last: int
    before: bytes
    chain: bytes


class Lost(msgspec.Struct, frozen=True):
    """Numbers counted past, because the kiosk has their lines no more; `chain` is the one at `last`."""

    first: int
    last: int
    chain: bytes

    def without(self, first: int, last: int, before: bytes) -> tuple[Lost, ...]:
        """What stays lost when first…last is found; `before` is the chain at first - 1."""
        if last < self.first or first > self.last:
            return (self,)
        below = [Lost(self.first, first - 1, before)] if self.first < first else []
        above = [Lost(last + 1, self.last, self.chain)] if last < self.last else []
        return (*below, *above)


def count(ranges: Iterable[Lost]) -> int:
    """How many numbers the ranges have."""
    return sum(each.last - each.first + 1 for each in ranges)


def merge(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Runs in order, those that overlap or touch made one; their chains are known to agree."""
    merged: list[Run] = []
    for run in sorted(runs, key=lambda run: run.first):
        below = merged[-1] if merged else None
        if below is None or run.first > below.last + 1:
            merged.append(run)
        elif run.last > below.last:
            merged[-1] = Run(below.first, run.last, below.before, run.chain)
    return tuple(merged)


def first_gap(held: int, runs: Sequence[Run]) -> bool:
    """Whether numbers are missing between `held` and the first run."""
    return runs[0].first > held + 1
