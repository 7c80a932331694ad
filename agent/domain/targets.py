"""targets.toml: what the office is measured against, each with its base, year and source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec

from agent.domain.coverage import Base, Measure, Target
from agent.domain.regions import EVERYWHERE, covers
from agent.settings_values import Positive, Words


def per_cent(raw: object) -> Decimal:
    """A percentage above 0, as exact as it was written."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 < raw <= 1_000:
        raise ValueError(f"must be a percentage such as 99.40, and not {raw}")
    return Decimal(str(raw))


class SetTarget(msgspec.Struct, frozen=True, kw_only=True):
    """One target of a year; with `stays` it holds until a newer one of the same measure is set."""

    measure: Measure
    year: Positive
    percent: Annotated[Decimal, per_cent]
    base: Base
    area: Words
    stays: bool
    source: Words
    checked: date

    def is_for(self, office: str) -> bool:
        """Whether it holds for a kecamatan, PP.KK.CC."""
        return covers(self.area, office)


class Targets(msgspec.Struct, frozen=True, kw_only=True):
    """All of targets.toml."""

    target: tuple[SetTarget, ...] = ()

    def of(self, office: str, year: int) -> dict[Measure, SetTarget]:
        """The target of each measure in a year: the year's own, the nearest area first, else one that stays."""
        found: dict[Measure, SetTarget] = {}
        for each in sorted(self.target, key=lambda target: (target.year, target.area != EVERYWHERE, len(target.area))):
            if each.is_for(office) and (each.year == year or (each.stays and each.year < year)):
                found[each.measure] = each
        return found

    def asked(self, office: str) -> list[Target]:
        """Every percentage ever asked of an office's area: a figure's base may be mistaken for any of them."""
        return [Target(each.measure, each.base, each.percent) for each in self.for_office(office)]

    def for_office(self, office: str) -> Iterable[SetTarget]:
        """The targets that hold for an office."""
        return (each for each in self.target if each.is_for(office))
