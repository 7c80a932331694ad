"""Published figures judged beside each other: whichever came first, the verdicts are the same.

A figure is judged by the bases of the figures that are believed, each base as of the day nearest to the figure's own.
Believed is who contradicts neither itself nor a believed figure of more people: what a target asks for is always fewer
people than it is asked of, so the larger base is looked at first. A base that only follows from counted and left
together yields to a published one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from msgspec import structs

from agent.domain.coverage import Base, Fault, Figure, Target, faults, other_base, target_as_base

Faults = tuple[Fault, ...]
AsPrinted = tuple[str, ...]


def as_printed(figure: Figure) -> AsPrinted:
    """What makes two figures the same: every word and digit, also the noughts at the end of a percentage."""
    return tuple(str(member) for member in structs.astuple(figure))


@lru_cache(maxsize=4)
def verdicts(figures: tuple[Figure, ...], targets: tuple[Target, ...], today: date | None = None) -> tuple[Faults, ...]:
    """What is wrong with each figure beside all the others, in the order of `figures`, on which no verdict depends."""
    trusted = believed(figures, targets, today)
    return tuple(faults(figure, beside(figure, trusted), targets, today) for figure in figures)


def believed(figures: Iterable[Figure], targets: Sequence[Target], today: date | None = None) -> list[Figure]:
    """The figures whose bases the others are judged by."""
    sound = sorted((each for each in figures if speaks_of_a_base(each) and is_sound(each, today)), key=largest_first)
    while True:
        kept: list[Figure] = []
        for figure in sound:
            if target_as_base(figure, beside(figure, kept), targets) is None:
                kept.append(figure)
        yields = {as_printed(each) for each in kept if each.of is None and other_base(each, beside(each, kept))}
        if not yields:
            return kept
        sound = [each for each in sound if as_printed(each) not in yields]


def speaks_of_a_base(figure: Figure) -> bool:
    """Whether others can be held against it."""
    return bool(figure.people) or figure.measure == "recorded"


def is_sound(figure: Figure, today: date | None) -> bool:
    """Whether it contradicts neither itself nor the calendar; that a base is lacking is no contradiction."""
    return all(fault.why == "no-base" for fault in faults(figure, {}, (), today))


def largest_first(figure: Figure) -> tuple[int, AsPrinted]:
    """A base of more people before one of fewer; equals in an order of their own."""
    return -(figure.people or 0), as_printed(figure)


def beside(figure: Figure, trusted: Sequence[Figure]) -> dict[Base, int]:
    """How many people each base has by the others, as of the day nearest to the figure's own.

    A figure that only implies its base is held against published ones alone: of two implied ones none is better.
    """
    implied = figure.of is None and figure.people is not None
    own = as_printed(figure)
    others = [each for each in trusted if as_printed(each) != own and not (implied and each.of is None)]
    known: dict[Base, int] = {}
    dates: dict[Base, date] = {}
    for each in sorted(others, key=lambda each: further_first(each, figure.snapshot)):
        if each.people:
            known[each.base], dates[each.base] = each.people, each.snapshot
        if each.measure == "recorded":
            known["recorded"] = each.count
    return {**children(known, dates), **known}


def children(known: Mapping[Base, int], dates: Mapping[Base, date]) -> dict[Base, int]:
    """Who lives there and must hold no KTP: the children below 17, where both numbers are of one day.

    Of two days the difference would be mostly the change between them. The few who married below 17 are left out.
    """
    if "residents" not in known or dates["residents"] != dates.get("wajib"):
        return {}
    left = known["residents"] - known["wajib"]
    return {"children_0_16": left} if left > 0 else {}


def further_first(figure: Figure, day: date) -> tuple[int, date, tuple[int, AsPrinted]]:
    """The further from a day the earlier, so that the nearest has the last word; of equals the newer has it."""
    return -abs((figure.snapshot - day).days), figure.snapshot, largest_first(figure)
