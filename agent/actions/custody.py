"""What became of every line that this office recorded, day by day, with the carrier that took it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from agent.domain import custody
from agent.domain.custody import CARRIERS, LINK, Carrier, Day, Known, Until
from agent.domain.pieces import Piece
from agent.store import handing, ledger
from agent.store.database import Store
from agent.store.pruning import receipted
from agent.wire.line import StreamName
from agent.wire.receipt import Range

MOST_LINES: Final = 20_000  # some 40 busy days; a page reads no more
MOST_DAYS: Final = 31


class Book(msgspec.Struct, frozen=True):
    """A stream of one ledger: its end, and the newest days of its lines up to `shown`.

    `older` lines are left for other pages, the next of which ends at line `left`.
    """

    ledger: str
    last: int
    held: int
    refused: int
    days: list[Day]
    shown: int
    left: int
    older: int

    @property
    def carriers(self) -> list[Carrier]:
        """The carriers that took any of its lines; the link in any case."""
        return [each for each in CARRIERS if each == LINK or any(day.handed[each] for day in self.days)]


def books(store: Store, zone: str, stream: StreamName, until: Until | None = None) -> list[Book]:
    """The newest days of a stream, the open ledger first; those before it as far as the page's lines go.

    With `until` only that ledger's, up to that line; of a ledger that is none here, as without.
    """
    found: list[Book] = []
    room = MOST_LINES
    held = dict(receipted(store))
    rows = store.rows(
        "SELECT s.number, l.name, s.also, s.refused_total FROM stream s JOIN ledger l ON l.number = s.ledger"
        " WHERE s.name = ? ORDER BY l.number DESC",
        stream,
    )
    if until is not None and until.ledger in [row[1] for row in rows]:
        rows = [row for row in rows if row[1] == until.ledger]
    else:
        until = None
    for number, name, also, refused in rows:
        last = (ledger.newest(store, number) or (0, b""))[0]
        if found and not last:
            continue
        shown = min(last, until.last) if until else last
        known = known_of(store, number, held[number], also)
        days, left = days_of(store, number, zone, (max(0, shown - room), shown), known)
        older = count_up_to(store, number, left)
        found.append(Book(name, last, held[number], refused, days, shown, left, older))
        room = max(0, room - shown)
    return found


def known_of(store: Store, stream: int, held: int, also: str) -> Known:
    """What this office knows of a stream row; `also` is the newest receipt's ranges above a gap, as JSON."""
    refused = store.rows("SELECT n FROM refused WHERE stream = ? ORDER BY n DESC LIMIT 1000", stream)
    return Known(
        held=held,
        above=tuple((each.first, each.last) for each in msgspec.json.decode(also, type=list[Range])),
        refused=tuple(n for (n,) in refused),
        handed={carrier: handing.handed(store, stream, carrier) for carrier in CARRIERS},
    )


def days_of(store: Store, stream: int, zone: str, span: Piece, known: Known) -> tuple[list[Day], int]:
    """The newest days of the lines above span[0] up to span[1], and up to which number lines are left out."""
    above, last = span
    days = custody.dated(numbered(store, stream, above, last), custody.offset_ms(zone))
    kept, left = custody.cut(days, above, MOST_DAYS)
    return custody.account(kept, known), left


def count_up_to(store: Store, stream: int, last: int) -> int:
    """How many lines up to a number are still here."""
    return int(store.rows("SELECT count(*) FROM line WHERE stream = ? AND n <= ? AND t > 0", stream, last)[0][0])


def numbered(store: Store, stream: int, above: int, last: int) -> Iterator[tuple[int, int]]:
    """Number and wall clock of the lines above a number up to another, read as they are asked for."""
    query = "SELECT n, t FROM line WHERE stream = ? AND n > ? AND n <= ? AND t > 0 ORDER BY n"
    yield from store.database.execute_sql(query, (stream, above, last))
