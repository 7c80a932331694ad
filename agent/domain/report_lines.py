"""A report of one line of work, recording or updating: the same tables, counted from its own visits."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from agent.domain.period import Period
from agent.domain.report_books import Count, Facts
from agent.domain.report_cells import Beside, Cell, Section
from agent.domain.report_sections import sections

OF_VISITS: Final = ("groups", "parts", "services", "times", "reasons", "repeats", "outcomes", "villages")


def of_line(facts: Facts, line: str, period: Period, beside: Beside) -> list[Section]:
    """The tables of one line of work: those that count visits, each number with its list of that line only."""
    own: Facts = {**facts, "visits": [row for row in facts["visits"] if row.line == line]}
    told = [table for table in sections(own, period, beside) if table.name in OF_VISITS]
    return [
        replace(table, rows=tuple(narrowed(row, line) for row in table.rows), foot=narrowed(table.foot, line))
        for table in told
    ]


def narrowed(row: tuple[Cell, ...], line: str) -> tuple[Cell, ...]:
    """A row whose numbers open lists of one line of work."""
    return tuple(replace(each, where={**each.where, "line": line}) if isinstance(each, Count) else each for each in row)
