"""What became of every line that this office recorded, day by day, with the carrier that took it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from agent.domain import custody
from agent.domain.custody import CARRIERS, LINK, Carrier, Day, Known
from agent.store import handing, ledger
from agent.store.database import Store
from agent.store.pruning import receipted
from agent.wire.line import StreamName
from agent.wire.receipt import Range

MOST_LINES: Final = 20_000  # some 40 busy days; a page reads no more


class Book(msgspec.Struct, frozen=True):
    """A stream of one ledger: its end, and its newest days."""

    ledger: str
    last: int
    held: int
    refused: int
    days: list[Day]

    @property
    def carriers(self) -> list[Carrier]:
        """The carriers that took any of its lines; the link in any case."""
        return [each for each in CARRIERS if each == LINK or any(day.handed[each] for day in self.days)]


def books(store: Store, zone: str, stream: StreamName) -> list[Book]:
    """The newest days of a stream, the open ledger first; those before it as far as the page's lines go."""
    found: list[Book] = []
    left = MOST_LINES
    held = dict(receipted(store))
    rows = store.rows(
        "SELECT s.number, l.name, s.also, s.refused_total FROM stream s JOIN ledger l ON l.number = s.ledger"
        " WHERE s.name = ? ORDER BY l.number DESC",
        stream,
    )
    for number, name, also, refused in rows:
        last = (ledger.newest(store, number) or (0, b""))[0]
        if left <= 0 or (found and not last):
            break
        days = days_of(store, number, zone, last - left, known_of(store, number, held[number], also))
        found.append(Book(name, last, held[number], refused, days))
        left -= last
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


def days_of(store: Store, stream: int, zone: str, above: int, known: Known) -> list[Day]:
    """The days of the lines above a number."""
    return custody.account(custody.dated(numbered(store, stream, above), custody.offset_ms(zone)), known)


def numbered(store: Store, stream: int, above: int) -> Iterator[tuple[int, int]]:
    """Number and wall clock of the lines above a number, read as they are asked for."""
    query = "SELECT n, t FROM line WHERE stream = ? AND n > ? AND t > 0 ORDER BY n"
    yield from store.database.execute_sql(query, (stream, above))
