"""A quarter hour of readings in three numbers each."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

DIGITS: Final = 3  # that count: a round trip of 43 ms is 0.043, and no 0.0
Triple = tuple[float, float, float]


def summed_up(rounds: Iterable[Mapping[str, float]]) -> dict[str, Triple]:
    """Reading name → (lowest, mean, highest), rounded to what a person reads."""
    values: dict[str, list[float]] = {}
    for readings in rounds:
        for name, value in readings.items():
            values.setdefault(name, []).append(value)
    return {name: triple(found) for name, found in sorted(values.items())}


def triple(found: list[float]) -> Triple:
    """Lowest, mean and highest of at least one value."""
    return rounded(min(found)), rounded(sum(found) / len(found)), rounded(max(found))


def rounded(value: float) -> float:
    """To three digits that count or one decimal, whichever is finer."""
    before = math.floor(math.log10(abs(value))) + 1 if value else 0
    return round(value, max(1, DIGITS - before))


def counted(rounds: Sequence[Mapping[str, str]]) -> dict[str, dict[str, int]]:
    """Probe → state → in how many of the rounds it was seen so."""
    found: dict[str, Counter[str]] = {}
    for states in rounds:
        for probe, state in states.items():
            found.setdefault(probe, Counter())[state] += 1
    return {probe: dict(sorted(states.items())) for probe, states in sorted(found.items())}
