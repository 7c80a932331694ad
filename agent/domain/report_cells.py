"""What the tables of a report are made of: words, counts that open a list, and numbers that are read off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from agent.domain.report_books import Count


class Label(msgspec.Struct, frozen=True):
    """A word of a report: `kind` says where its text is found, `name` which one it is."""

    kind: str
    name: str = ""


class Value(msgspec.Struct, frozen=True):
    """A number that is read off, not counted: minutes, per cent, pieces that are left; None where it is not known."""

    number: float | None
    decimals: int = 0


Cell = Label | Count | Value


class Section(msgspec.Struct, frozen=True):
    """One table; each row begins with what it is about."""

    name: str
    columns: tuple[Label, ...]
    rows: tuple[tuple[Cell, ...], ...]
    foot: tuple[Cell, ...] = ()


class Goal(msgspec.Struct, frozen=True):
    """How the newest figure of a measure stands: its entry, per cent reached, per cent asked, people missing."""

    entered: Any
    reached: float | None
    asked: float | None
    missing: int | None


class Beside(msgspec.Struct, frozen=True):
    """What is no list: services in their order, pieces left of each item at the end, coverage against its targets."""

    services: Sequence[str]
    left: Mapping[str, int | None] = {}
    goals: Sequence[Goal] = ()


def head(*names: str) -> tuple[Label, ...]:
    """The first column and the others, by the keys of their words."""
    return tuple(Label("column", name) for name in names)


def share(count: int, of: int) -> Value:
    """So many of so many in per cent."""
    return Value(100 * count / of if of else None, 1)
