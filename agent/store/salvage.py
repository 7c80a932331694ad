"""Reads what can still be read of a damaged database, from both ends of each table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import apsw

UNREADABLE: Final = (
    apsw.CorruptError,
    apsw.NotADBError,
    apsw.IOError,
    apsw.SQLError,
    apsw.CantOpenError,
    apsw.FormatError,
)

# Parents before children; each with the columns that order it.
TABLES: Final = {
    "fact": "name",
    "boot": "number",
    "ledger": "number",
    "stream": "number",
    "line": "stream, n",
    "subject": "stream, n",
    "refused": "stream, n",
    "carry": "number",
    "handed_over": "stream, carrier, first",
    "queue_day": "number",
    "series": "day, letter",
    "visit": "number",
    "call": "number",
    "counter": "number",
    "notice": "number",
    "listing": "number",
    "stock_move": "number",
    "trip": "number",
    "told_trip": "ledger, n",
    "told_village": "village",
    "kit_device": "thumbprint",
    "rating": "visit, about",
    "vote_age": "visit, reference",
    "officer": "number",
    "job": "name",
    "link_change": "number",
    "bell": "only",
    "track": "probe",
    "outage": "number",
    "self_test": "number",
    "kiosk_change": "number",
    "figure": "number",
    "roster": "number",
    "roster_person": "roster, digest",
    "roster_match": "roster, visit",
    "roster_refused": "roster, row",
}


def salvage(damaged: Path, target: apsw.Connection) -> int:
    """Copy every readable row of `damaged` into the empty tables of `target`; how many."""
    try:
        source = apsw.Connection(str(damaged), flags=apsw.SQLITE_OPEN_READWRITE)
    except UNREADABLE:
        return 0
    copied = 0
    target.execute("PRAGMA foreign_keys = 0")  # a lost parent must not take its children with it
    with target:
        for table, order in TABLES.items():
            for columns, row in readable(source, table, order):
                copied += insert(target, table, columns, row)
    target.execute("PRAGMA foreign_keys = 1")
    source.close()
    return copied


def readable(source: apsw.Connection, table: str, order: str) -> Iterator[tuple[list[str], tuple[Any, ...]]]:
    """The rows of a table up to the damage from the front, then up to it from the back."""
    for direction in ("ASC", "DESC"):
        keys = ", ".join(f"{column.strip()} {direction}" for column in order.split(","))
        try:
            cursor = source.execute(f"SELECT * FROM {table} ORDER BY {keys}")  # noqa: S608 — our own tables
            columns = [name for name, *_ in cursor.get_description()]
            for row in cursor:
                yield columns, row
        except UNREADABLE:
            continue
        except apsw.ExecutionCompleteError:
            return  # an empty table has no description left to ask for
        return


def insert(target: apsw.Connection, table: str, columns: list[str], row: tuple[Any, ...]) -> int:
    """Copy one row; a second copy of it, or one that breaks a rule of its table, is left out."""
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    try:
        target.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", row)  # noqa: S608 — our own tables
    except (apsw.ConstraintError, apsw.MismatchError, apsw.SQLError):
        return 0
    return target.changes()
