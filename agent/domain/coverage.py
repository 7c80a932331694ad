"""Coverage: how many of a base are recorded, printed, activated; and whether published figures can be true.

A percentage says nothing without its base and its date. It is never cut off at 100: offices
also serve people from elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Final, Literal, get_args

import msgspec
from msgspec import structs

Measure = Literal["recorded", "printed", "ikd", "kia", "birth"]
Base = Literal["wajib", "recorded", "children_0_16", "children_0_17", "residents"]
Why = Literal[
    "percent", "left", "left-percent", "shares", "no-base", "future-snapshot", "future-word", "target-as-base",
    "other-base",
]  # fmt: skip

MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
BASES: Final[tuple[Base, ...]] = get_args(Base)
WHOLE: Final = Decimal(100)
DECIMALS: Final = 2
RATES: Final = (100, 200)  # recorded on a usual day and on a rushed one
SAME: Final = Decimal("0.01")  # two figures within one per cent of each other speak of the same thing


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody published: `count` of `of` people of a base on a snapshot date; shares as printed."""

    measure: Measure
    count: int
    base: Base
    snapshot: date
    said_on: date
    source: str = ""
    of: int | None = None
    percent: Decimal | None = None
    left: int | None = None
    left_percent: Decimal | None = None

    @property
    def people(self) -> int | None:
        """How many the base has: as published, else those counted and those left together."""
        return self.count + self.left if self.of is None and self.left is not None else self.of

    @property
    def reached(self) -> Decimal | None:
        """The share of those counted, by either published share."""
        return WHOLE - self.left_percent if self.percent is None and self.left_percent is not None else self.percent


class Fault(msgspec.Struct, frozen=True):
    """Why a figure cannot be true as it stands: what it says, and what follows from its other numbers."""

    why: Why
    said: str
    true: str


class Target(msgspec.Struct, frozen=True):
    """`percent` of a base is to be reached by a measure."""

    measure: Measure
    base: Base
    percent: Decimal


class Progress(msgspec.Struct, frozen=True):
    """`needed` reach the target; `gap` of them are missing, below zero when it is passed."""

    needed: int
    gap: int


def share(count: int, of: int, decimals: int = DECIMALS) -> Decimal:
    """`count` of `of` in per cent, half up: 557385 of 559031 is 99.71."""
    return rounded(WHOLE * count / of, decimals)


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Half up, as people round: 2.665 is 2.67."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def printed_decimals(percent: Decimal) -> int:
    """How exactly a percentage was printed: 2 for 3.66, 1 for 0.3."""
    exponent = percent.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def progress(count: int, of: int, target: Decimal) -> Progress:
    """How far a measure is from its target."""
    needed = int((target * of / WHOLE).to_integral_value(ROUND_CEILING))
    return Progress(needed, needed - count)


def pace(gap: int, days: int, offices: int = 1) -> int:
    """How many a day and office close a gap in so many days, half up; the whole gap where no day is left."""
    return int(rounded(Decimal(max(0, gap)) / max(1, days) / offices, 0))


def days_to_close(gap: int, a_day: int) -> int:
    """Working days until a gap is closed at so many a day."""
    return -(-max(0, gap) // a_day)


class Plan(msgspec.Struct, frozen=True):
    """What closes a gap by the end of the year: `days` working days are left, `a_day` people on each of them.

    `at` are numbers a day and how many working days each would take.
    """

    days: int
    a_day: int
    at: tuple[tuple[int, int], ...]


def plan(gap: int, days: int, rates: Sequence[int] = RATES) -> Plan:
    """How a gap is closed in so many working days."""
    return Plan(days, pace(gap, days), tuple((rate, days_to_close(gap, rate)) for rate in rates))


def faults(
    figure: Figure, bases: Mapping[Base, int], targets: Sequence[Target], today: date | None = None
) -> tuple[Fault, ...]:
    """Every way in which a figure contradicts itself, `bases`, the people of each base as known so far, or `today`."""
    found = (
        wrong_percent(figure),
        wrong_left(figure),
        wrong_left_percent(figure),
        wrong_sum(figure),
        no_base(figure, bases),
        future_snapshot(figure, today),
        target_as_base(figure, bases, targets),
        other_base(figure, bases),
    )
    return tuple(fault for fault in found if fault is not None)


def wrong_percent(figure: Figure) -> Fault | None:
    """The printed share is not that of its own count and base."""
    if not figure.people or figure.percent is None:
        return None
    return unequal("percent", figure.percent, share(figure.count, figure.people, printed_decimals(figure.percent)))


def wrong_left(figure: Figure) -> Fault | None:
    """Counted and left do not add up to the base."""
    if figure.of is None or figure.left is None:
        return None
    return unequal("left", Decimal(figure.left), Decimal(figure.of - figure.count))


def wrong_left_percent(figure: Figure) -> Fault | None:
    """The printed share of those left is not that of their own count and base."""
    if not figure.people or figure.left_percent is None:
        return None
    left = figure.people - figure.count if figure.left is None else figure.left
    true = share(left, figure.people, printed_decimals(figure.left_percent))
    return unequal("left-percent", figure.left_percent, true)


def no_base(figure: Figure, bases: Mapping[Base, int]) -> Fault | None:
    """A share that only people from elsewhere can explain, and nothing to check it against."""
    if figure.people is not None or figure.base in bases or figure.reached is None or 0 <= figure.reached <= WHOLE:
        return None
    return Fault("no-base", str(figure.reached), str(WHOLE))


def wrong_sum(figure: Figure) -> Fault | None:
    """Both printed shares together are not 100; the last digit may be rounded up in both."""
    if figure.percent is None or figure.left_percent is None:
        return None
    total = figure.percent + figure.left_percent
    last_digit = Decimal(1).scaleb(-min(printed_decimals(figure.percent), printed_decimals(figure.left_percent)))
    return None if abs(total - WHOLE) <= last_digit else unequal("shares", total, WHOLE)


def future_snapshot(figure: Figure, today: date | None = None) -> Fault | None:
    """The figure is of a day after the one on which it was said, or was said after today."""
    if figure.snapshot > figure.said_on:
        return Fault("future-snapshot", figure.snapshot.isoformat(), figure.said_on.isoformat())
    if today is not None and figure.said_on > today:
        return Fault("future-word", figure.said_on.isoformat(), today.isoformat())
    return None


def target_as_base(figure: Figure, bases: Mapping[Base, int], targets: Sequence[Target]) -> Fault | None:
    """The base is what a target asks for, not the people it is asked of."""
    for target in targets:
        if figure.people is not None and target.base in bases and target.percent < WHOLE * (1 - SAME):
            asked = progress(0, bases[target.base], target.percent).needed
            if alike(figure.people, asked) and not alike(figure.people, bases.get(figure.base, 0)):
                return Fault("target-as-base", str(figure.people), str(bases[target.base]))
    return None


def other_base(figure: Figure, bases: Mapping[Base, int]) -> Fault | None:
    """Without a printed base: the one that follows from the other numbers is not the one that is known."""
    known = bases.get(figure.base)
    if figure.of is not None or not known:
        return None
    implied = figure.people if figure.people is not None else implied_base(figure, known)
    return None if alike(implied, known) else Fault("other-base", str(implied), str(known))


def implied_base(figure: Figure, known: int) -> int:
    """The base by count and share; the known one where that fits the shares as they were printed."""
    beside = structs.replace(figure, of=known)
    if wrong_percent(beside) is None and wrong_left_percent(beside) is None:
        return known
    return int(rounded(WHOLE * figure.count / figure.reached, 0)) if figure.reached else 0


def unequal(why: Why, said: Decimal, true: Decimal) -> Fault | None:
    """A fault where two numbers differ."""
    return None if said == true else Fault(why, str(said), str(true))


def alike(one: int, other: int) -> bool:
    """Whether two numbers of people are within one per cent of the second."""
    return abs(one - other) <= SAME * other
