"""Whether today is busier than usual, what to do about it, and why people come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor
from typing import Final

import msgspec

from agent.domain.wait_estimate import served_in

FACTOR: Final = 1.5  # Muara Badak's doubling is far above it, the difference between two weekdays is not
COMPARED_DAYS: Final = 10  # working days
FEWEST_DAYS: Final = 5  # with fewer nobody can tell what is usual
FORECAST_DAYS: Final = 3
REASONS: Final = ("moved", "married", "changed", "first", "other")
UNKNOWN: Final = "unknown"  # nobody said why


class Surge(msgspec.Struct, frozen=True):
    """Today's numbers against the usual; above `limit` it is a surge."""

    today: int
    mean: float
    limit: int

    @property
    def is_on(self) -> bool:
        """Whether today is a surge."""
        return self.today > self.limit


class Forecast(msgspec.Struct, frozen=True):
    """So many people are expected on the next working day; `error` is how far such words were off, on the mean."""

    people: float
    error: float


class Advice(msgspec.Struct, frozen=True):
    """For one line: who waits, the minutes they need, the counters open, and how many would serve all until closing.

    `needed` is None when the office closes before anybody more is served.
    """

    waiting: int
    minutes: float
    open_now: int
    needed: int | None


def surge(today: int, earlier: Sequence[int]) -> Surge | None:
    """Today against earlier working days, newest first; None while there are too few."""
    usual = earlier[:COMPARED_DAYS]
    if len(usual) < FEWEST_DAYS:
        return None
    mean = sum(usual) / len(usual)
    return Surge(today, mean, floor(FACTOR * mean + 1e-9))


def sets_needed(people: int, minutes: float, each: float) -> int:
    """How many recording sets serve so many people in the minutes of a day, at `each` minutes a person."""
    one = served_in(minutes, each)
    return ceil(people / one) if one else 0


def advice(waiting: Mapping[str, int], each: Mapping[str, float], open_now: int, minutes_left: int) -> Advice:
    """How many counters serve everybody who waits, by service, in the minutes that are left."""
    work = sum(count * each[service] for service, count in waiting.items())
    needed = ceil(work / minutes_left - 1e-9) if minutes_left else None if work else 0
    return Advice(sum(waiting.values()), work, open_now, needed)


def forecast(earlier: Sequence[int]) -> Forecast | None:
    """The next working day by the last three, and how far the same words were off before; None while there are few."""
    if len(earlier) < FEWEST_DAYS:
        return None
    misses = [
        abs(mean(earlier[n + 1 : n + 1 + FORECAST_DAYS]) - earlier[n]) for n in range(len(earlier) - FORECAST_DAYS)
    ]
    return Forecast(mean(earlier[:FORECAST_DAYS]), mean(misses))


def mean(numbers: Sequence[float]) -> float:
    """Their mean; 0 of none."""
    return sum(numbers) / len(numbers) if numbers else 0.0


def shares(counts: Mapping[str, int]) -> dict[str, int]:
    """Whole percents that add up to 100: the largest remainders are rounded up. All 0 where nobody was counted."""
    total = sum(counts.values())
    if not total:
        return dict.fromkeys(counts, 0)
    whole = {name: count * 100 // total for name, count in counts.items()}
    by_remainder = sorted(counts, key=lambda name: (-(counts[name] * 100 % total), name))
    for name in by_remainder[: 100 - sum(whole.values())]:
        whole[name] += 1
    return whole


def by_reason(rows: Iterable[tuple[str, str | None, int]]) -> dict[str, dict[str, int]]:
    """(service, reason, how many) → service → reason → how many; each service has every reason, also `unknown`."""
    found: dict[str, dict[str, int]] = {}
    for service, reason, count in rows:
        of_service = found.setdefault(service, dict.fromkeys((*REASONS, UNKNOWN), 0))
        of_service[reason if reason in of_service else UNKNOWN] += count
    return found
