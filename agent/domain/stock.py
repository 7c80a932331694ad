"""Blank cards, ribbon and film: what is left, how long it lasts, when to warn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import ceil
from typing import Final, Literal

import msgspec

from agent.domain.services import Text
from agent.domain.visits import OUTCOMES
from agent.settings import HoursSettings
from agent.settings_values import Count, Positive, contradiction

AVERAGED_DAYS: Final = 10  # working days: two weeks, so that one busy day moves it by a tenth
FURTHEST: Final = 366  # working days that are looked ahead; what lasts longer needs no date
SPOILED: Final = ("misprint", "damaged", "lost", "other")  # words of ours: what is typed freely may name a person

Level = Literal["ok", "low", "out", "unknown"]


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """Something kept in stock, counted in pieces; `notice` is the disturbance that its end is."""

    name: Text
    pack: Positive = 1
    warn: Count = 10
    notice: Literal["blanks"] | None = None


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """What a visit for one of `services` uses when it ends with one of `outcomes`."""

    outcomes: tuple[str, ...]
    services: tuple[str, ...]
    items: dict[str, Positive]


class StockRules(msgspec.Struct, frozen=True, kw_only=True):
    """All of stock.toml."""

    items: dict[str, Item]
    use: tuple[Use, ...] = ()

    def __post_init__(self) -> None:
        for place, use in enumerate(self.use):
            for outcome in use.outcomes:
                if outcome not in OUTCOMES:
                    raise contradiction(f"use[{place}].outcomes", f'names "{outcome}"; known: {", ".join(OUTCOMES)}')
            for item in use.items:
                if item not in self.items:
                    raise contradiction(f"use[{place}].items", f'names "{item}", but there is no [items.{item}]')

    def used(self, item: str, ended: Iterable[tuple[str, str, int]]) -> int:
        """How many pieces so many visits used, given as (service, outcome, how many)."""
        return sum(count * self.of_one(item, service, outcome) for service, outcome, count in ended)

    def of_one(self, item: str, service: str, outcome: str) -> int:
        """How many pieces one visit uses."""
        rules = (use for use in self.use if service in use.services and outcome in use.outcomes)
        return sum(use.items.get(item, 0) for use in rules)


class Forecast(msgspec.Struct, frozen=True):
    """The stock lasts for `days` working days, the last of them begun; it ends on `ends`."""

    days: int
    ends: date


class Standing(msgspec.Struct, frozen=True):
    """How an item stands: `left` is None before anything was entered, `per_day` pieces of a working day."""

    left: int | None
    per_day: float
    forecast: Forecast | None
    level: Level


def per_day(earlier: Sequence[int], today: int) -> float:
    """Pieces used on a working day: the mean of earlier days, newest first, or today's own where that is more already.

    Law: never less than today's, so a surge shortens the forecast on its first day.
    """
    counted = earlier[:AVERAGED_DAYS]
    mean = sum(counted) / len(counted) if counted else 0.0
    return max(mean, float(today))


def forecast(left: int, each_day: float, first: date, hours: HoursSettings) -> Forecast | None:
    """When `left` pieces end at so many a working day, `first` counted; None where they outlast a year."""
    if each_day <= 0:
        return None
    days = max(1, ceil(left / each_day - 1e-9))
    if days > FURTHEST:
        return None
    ends = working_day(first, days, hours)
    return None if ends is None else Forecast(days, ends)


def working_day(first: date, nth: int, hours: HoursSettings) -> date | None:
    """The nth working day from a date on, which is counted if it is one; None if there is none within two years."""
    for ahead in range(2 * FURTHEST):
        day = first + timedelta(days=ahead)
        nth -= hours.is_working_day(day)
        if nth == 0:
            return day
    return None


def working_days(first: date, last: date, hours: HoursSettings) -> int:
    """How many working days there are from one date to another, both counted."""
    return sum(hours.is_working_day(first + timedelta(days=n)) for n in range((last - first).days + 1))


def standing(
    left: int | None, each_day: float, warn: int, first: date, hours: HoursSettings, used: int = 0
) -> Standing:
    """How an item stands on a day on which so many were used: a working day that has begun needs only the rest."""
    if left is None:
        return Standing(None, each_day, None, "unknown")
    if left <= 0:
        return Standing(left, each_day, None, "out")
    coming = forecast(left + used * hours.is_working_day(first), each_day, first, hours)
    low = coming is not None and coming.days <= warn
    return Standing(left, each_day, coming, "low" if low else "ok")


def told(items: Mapping[str, int | None]) -> dict[str, int]:
    """What central is told of the stock: pieces by item, never below zero; nothing of what nobody entered."""
    return {name: max(0, left) for name, left in items.items() if left is not None}
