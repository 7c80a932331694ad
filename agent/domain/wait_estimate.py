"""How long a wait may be, told as a lower and an upper bound, and how good such words were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor, sqrt
from typing import Final, Literal

import msgspec

EXPECTED_WEIGHT: Final = 10  # so many measured people count as much as the minutes that the office expects
EXPECTED_SPREAD: Final = 0.5  # of the expected minutes: 3 to 5 were promised, 4 to 10 were seen
SURE: Final = 1.5  # deviations to each side; the back-test tells how many waits end within
MODEL_ERROR: Final = 0.12  # of the wait: people who leave, people with priority who come later
SHORTEST: Final = 0.1  # minutes: a finish right after a call was a slip of the finger
LONGEST: Final = 10.0  # times the expected minutes: somebody forgot to finish


class Times(msgspec.Struct, frozen=True):
    """Minutes at the counter for one person: mean, deviation, and of how many people it was measured."""

    mean: float
    deviation: float
    counted: int = 0


class Estimate(msgspec.Struct, frozen=True):
    """A wait in minutes: most end between `low` and `high`; `is_tight` where the office may close before."""

    low: int
    middle: float
    high: int
    is_tight: bool = False


class NoEstimate(msgspec.Struct, frozen=True):
    """Why there is none.

    `no-counter`: none is open for this service; `day-ends`: the office closes first; `closed`: it did, or has no
    service today.
    """

    reason: Literal["no-counter", "day-ends", "closed"]


def times(measured: Iterable[float], expected: float) -> Times:
    """The time of a service from the minutes that people took, leaning on the expected ones while they are few."""
    taken = [min(minutes, LONGEST * expected) for minutes in measured if minutes >= SHORTEST]
    weight = EXPECTED_WEIGHT + len(taken)
    mean = (EXPECTED_WEIGHT * expected + sum(taken)) / weight
    squares = EXPECTED_WEIGHT * (EXPECTED_SPREAD * expected) ** 2 + sum((minutes - mean) ** 2 for minutes in taken)
    return Times(mean, sqrt(squares / weight), len(taken))


def estimate(
    ahead: Mapping[str, int], each: Mapping[str, Times], counters: int, own: Times | None = None
) -> Estimate | NoEstimate:
    """The wait behind so many people of each service, with so many counters open for them all.

    `own` is the time of somebody at the counter: with nobody ahead one may still have to end.
    """
    if counters < 1:
        return NoEstimate("no-counter")
    middle = sum(count * each[service].mean for service, count in ahead.items()) / counters
    by_luck = sum(count * each[service].deviation ** 2 for service, count in ahead.items())
    unknown = sum(count * each[service].deviation / sqrt(EXPECTED_WEIGHT + each[service].counted)
                  for service, count in ahead.items())  # fmt: skip
    deviation = sqrt(by_luck + unknown**2 + (MODEL_ERROR * middle * counters) ** 2) / counters
    residual = own.mean / counters if own else 0.0
    return Estimate(floor(max(0.0, middle - SURE * deviation)), middle, ceil(middle + SURE * deviation + residual))


def served_in(minutes: float, each: float, sets: int = 1) -> int:
    """How many people `sets` sets serve in that many minutes at `each` minutes a person."""
    return floor(minutes / each + 1e-9) * sets


def pool(service: str, counters: Sequence[frozenset[str]]) -> tuple[frozenset[str], int]:
    """The services that share counters with `service`, and how many counters; an empty set at a counter is all."""
    if not any(not serves or service in serves for serves in counters):
        return frozenset({service}), 0
    if any(not serves for serves in counters):
        return frozenset(), len(counters)
    shared, before = frozenset({service}), frozenset[str]()
    while shared != before:
        before = shared
        shared = shared.union(*(serves for serves in counters if serves & shared))
    return shared, sum(bool(serves & shared) for serves in counters)


class Accuracy(msgspec.Struct, frozen=True):
    """How good estimates were: of `count` people so many waited within the bounds; the median miss in minutes."""

    count: int
    within: int
    miss: float

    @property
    def share(self) -> float:
        """The part that ended within the bounds; 1 when nobody was counted."""
        return self.within / self.count if self.count else 1.0


def accuracy(waits: Iterable[tuple[int, int, float]]) -> Accuracy:
    """The accuracy of (low, high, minutes really waited)."""
    known = list(waits)
    misses = sorted(max(0.0, low - waited, waited - high) for low, high, waited in known)
    middle = misses[len(misses) // 2] if misses else 0.0
    return Accuracy(len(known), sum(miss == 0 for miss in misses), middle)
