"""The lists behind a report: every number in it is the length, or the sum, of the rows that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from agent.domain import report

BookName = Literal["visits", "outages", "machine", "stock", "ratings", "coverage", "trips"]
Facts = Mapping[BookName, Sequence[Any]]


class Outage(msgspec.Struct, frozen=True):
    """A disturbance that people were told of; `until` is None while it lasts. Times are ms UTC, `day` local."""

    what: str
    services: tuple[str, ...]
    day: str
    since: int
    until: int | None
    minutes: int


class Failure(msgspec.Struct, frozen=True):
    """Something of this machine or its link that was down, as it measured; `until` is None while it lasts."""

    warning: str  # code and probe, as warnings are put into words
    day: str
    since: int
    until: int | None
    minutes: int


class Pieces(msgspec.Struct, frozen=True):
    """Pieces of an item that came in, were used by a visit, were spoiled, or that a count found more or less."""

    item: str
    what: Literal["received", "used", "spoiled", "counted"]
    pieces: int
    day: str
    t: int
    ticket: str = ""
    service: str = ""
    reason: str = ""


class Mark(msgspec.Struct, frozen=True):
    """A mark of the survey, without the number that gave it."""

    day: str
    service: str
    about: str
    mark: int


class Book(msgspec.Struct, frozen=True):
    """What rows of a list may be asked by, and what is added up over them."""

    members: Mapping[str, Callable[[Any], str]]
    amount: Callable[[Any], int] | None = None


class Count(msgspec.Struct, frozen=True):
    """A number of a report: how many rows of a book have all of `where`, or with `summed` the sum over them."""

    number: int
    book: BookName = "visits"
    where: Mapping[str, str] = {}
    summed: bool = False


BOOKS: Final[Mapping[BookName, Book]] = {
    "visits": Book(report.MEMBERS),
    "outages": Book(
        {"what": lambda row: row.what, "lasting": lambda row: "1" if row.until is None else ""},
        amount=lambda row: row.minutes,
    ),
    "machine": Book({"warning": lambda row: row.warning}, amount=lambda row: row.minutes),
    "stock": Book({"item": lambda row: row.item, "what": lambda row: row.what}, amount=lambda row: row.pieces),
    "ratings": Book(
        {"about": lambda row: row.about, "mark": lambda row: str(row.mark), "service": lambda row: row.service}
    ),
    "trips": Book(
        {"village": lambda row: row.village, "purpose": lambda row: row.purpose}, amount=lambda row: row.people
    ),
    "coverage": Book(
        {
            "measure": lambda row: row.figure.measure,
            "number": lambda row: str(row.number),
            "verdict": lambda row: "flagged" if row.faults else "counts",
        },
        amount=lambda row: row.figure.count,
    ),
}


def chosen(book: BookName, rows: Iterable[Any], where: Mapping[str, str]) -> list[Any]:
    """The rows of a book that have all that is named; an empty word asks for nothing."""
    return report.matching(rows, where, BOOKS[book].members)


def total(book: BookName, rows: Iterable[Any]) -> int:
    """What the rows of a book add up to; their number where nothing is added up."""
    amount = BOOKS[book].amount
    return sum(1 if amount is None else amount(row) for row in rows)
