"""The columns of each list behind a report, on its page and in its spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, Final

import msgspec

from agent.actions import reports
from agent.clock import MINUTE_MS
from agent.domain.report_books import BookName
from agent.domain.report_cells import Label, Value
from kiosk_ui.kiosk import Kiosk
from kiosk_ui.pages import reader
from kiosk_ui.report_words import plain, shown

MINUTES_A_DAY: Final = 1440
Read = Callable[[Any], object]
Columns = dict[str, Read]


class Ways(msgspec.Struct, frozen=True):
    """How what stands in a row is written: words, numbers and moments, for people or for a spreadsheet."""

    word: Callable[[str, str], object]
    write: Callable[[Value], object]
    yes: Callable[[bool], object]
    clock: Callable[[int | None], str]

    def number(self, number: float | Decimal | None, decimals: int = 0) -> object:
        """A number that may be missing."""
        return self.write(Value(None if number is None else float(number), decimals))


def columns(book: BookName, clock: Callable[[int | None], str], *, for_people: bool) -> Columns:
    """The columns of a book by the keys of their words (`csv.KEY`)."""
    write = cache(shown if for_people else plain)  # a year has few words and many rows
    ways = Ways(
        word=lambda kind, name: write(Label(kind, name)) if name else "",
        write=write,
        yes=(lambda so: reader().say("report.yes") if so else "") if for_people else int,
        clock=clock,
    )
    return COLUMNS[book](ways)


def of_visits(ways: Ways) -> Columns:
    """A visit: what it was, when, and what became of it."""
    return {
        "date": lambda row: row.day,
        "ticket": lambda row: row.ticket,
        "service": lambda row: ways.word("service", row.service),
        "village": lambda row: ways.word("village", row.village),
        "priority": lambda row: ways.yes(row.priority),
        "taken": lambda row: ways.clock(row.taken_t),
        "called": lambda row: ways.clock(row.first_call_t),
        "finished": lambda row: ways.clock(row.finished_t),
        "counter": lambda row: row.counter or "",
        "outcome": lambda row: ways.word("outcome", row.outcome or "") or ways.word("state", row.state),
        "reason": lambda row: ways.word("reason", row.reason),
        "repeated": lambda row: ways.yes(row.repeated),
        "waited": lambda row: ways.number(row.waited_min, 1),
        "served": lambda row: ways.number(row.served_min, 1),
    }


def of_outages(ways: Ways) -> Columns:
    """A disturbance: what, for which services, from when until when."""
    return {
        "what": lambda row: ways.word("what", row.what),
        "services": lambda row: ", ".join(str(ways.word("service", each)) for each in row.services),
        "date": lambda row: row.day,
        "since": lambda row: ways.clock(row.since),
        "until": lambda row: ways.clock(row.until) or reader().say("report.lasting"),
        "minutes": lambda row: ways.number(row.minutes),
    }


def of_machine(ways: Ways) -> Columns:
    """Something that was down, from when until when."""
    return {
        "warning": lambda row: ways.word("warning", row.warning),
        "date": lambda row: row.day,
        "since": lambda row: ways.clock(row.since),
        "until": lambda row: ways.clock(row.until) or reader().say("report.lasting"),
        "minutes": lambda row: ways.number(row.minutes),
    }


def of_stock(ways: Ways) -> Columns:
    """Pieces that moved, with the visit that used them."""
    return {
        "date": lambda row: row.day,
        "at": lambda row: ways.clock(row.t),
        "item": lambda row: ways.word("item", row.item),
        "move": lambda row: ways.word("column", row.what),
        "pieces": lambda row: ways.number(row.pieces),
        "ticket": lambda row: row.ticket,
        "service": lambda row: ways.word("service", row.service),
        "spoiled": lambda row: ways.word("spoiled", row.reason),
    }


def of_ratings(ways: Ways) -> Columns:
    """A mark; the number that gave it is told nowhere."""
    return {
        "date": lambda row: row.day,
        "service": lambda row: ways.word("service", row.service),
        "about": lambda row: ways.word("about", row.about),
        "mark": lambda row: ways.word("mark", str(row.mark)),
    }


def of_coverage(ways: Ways) -> Columns:
    """A published figure, and whether it counts."""
    return {
        "measure": lambda row: ways.word("measure", row.figure.measure),
        "base": lambda row: ways.word("base", row.figure.base),
        "date": lambda row: row.figure.snapshot.isoformat(),
        "count": lambda row: ways.number(row.figure.count),
        "of": lambda row: ways.number(row.figure.of),
        "percent": lambda row: ways.number(row.figure.percent, 2),
        "left": lambda row: ways.number(row.figure.left),
        "left_percent": lambda row: ways.number(row.figure.left_percent, 2),
        "verdict": lambda row: ways.word("verdict", "flagged" if row.faults else "counts"),
        "source": lambda row: row.figure.source,
    }


def of_trips(ways: Ways) -> Columns:
    """A trip of another device of the office."""
    return {
        "date": lambda row: row.date,
        "village": lambda row: ways.word("village", row.village),
        "place": lambda row: row.place,
        "purpose": lambda row: ways.word("purpose", row.purpose),
        "device": lambda row: row.device,
        "people": lambda row: ways.number(row.people),
    }


COLUMNS: Final[dict[BookName, Callable[[Ways], Columns]]] = {
    "visits": of_visits,
    "outages": of_outages,
    "machine": of_machine,
    "stock": of_stock,
    "ratings": of_ratings,
    "coverage": of_coverage,
    "trips": of_trips,
}


def office_clock(here: Kiosk) -> Callable[[int | None], str]:
    """Says a moment as `08.15` on the office's clock; nothing for one that did not come."""
    offset, mark = reports.offset_ms(here.store, here.office), reader().say("format.clock")

    def told(wall_ms: int | None) -> str:
        if wall_ms is None:
            return ""
        hour, minute = divmod((wall_ms + offset) // MINUTE_MS % MINUTES_A_DAY, 60)
        return f"{hour:02d}{mark}{minute:02d}"

    return told
