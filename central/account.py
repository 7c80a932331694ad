"""What became of every line of a kiosk, day by day, as central knows it: by the rules of the office's own page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from agent.clock import utc
from agent.domain import custody
from agent.domain.custody import CARRIERS, Carrier, Day, Known, Until
from agent.domain.pieces import Piece, Pieces, overlapped, size
from agent.domain.regions import zone_of
from agent.wire.line import STREAMS
from central.health import health_of
from central.opening import Central
from central.overview import ago
from central.store import fleet, frames, kiosks, ledgers, refusals, streams
from central.store.database import Database
from central.store.rows import StreamKey
from central.store.streams import Standing
from central.urgency import holidays_of, is_silent

MOST_LINES: Final = 20_000  # some 40 busy days; a page opens no more frames
MOST_DAYS: Final = 31
MOST_REFUSED: Final = 1000


class Account(msgspec.Struct, frozen=True):
    """A stream of one ledger: how far it is held, what is refused by code, and the newest days up to line `shown`.

    Lines up to `left` are for other pages; 0 where there are none.
    """

    ledger: str
    stream: str
    held: int
    top: int
    lost: int
    refused: dict[str, int]
    days: list[Day]
    unknown: int  # lines of which nobody wrote down how they came
    shown: int
    left: int


class When(msgspec.Struct, frozen=True):
    """The only field of a line that a date needs."""

    t: int


def kiosk_page(
    central: Central, thumbprint: str, stream: str = "", until: Until | None = None
) -> dict[str, Any] | None:
    """The template's values for a kiosk, with `until` only the older days of that stream; None for no such kiosk."""
    with central.store.session() as database:
        kiosk = kiosks.find(database, thumbprint)
        if kiosk is None:
            return None
        row = next(fleet.kiosks(database, thumbprint))
        zone = zone_of(kiosk.office)
        found = list(accounts(database, thumbprint, zone, stream, until)) or list(accounts(database, thumbprint, zone))
        machine = health_of(database, thumbprint, row.status.warnings if row.status else [])
    return {
        "kiosk": row,
        "place": central.regions.name(kiosk.office),
        "seen": utc(row.last_seen).strftime("%Y-%m-%d %H:%M UTC"),
        "accounts": found,
        "carriers": CARRIERS,
        "silent": is_silent(row, central.clock.wall_ms(), holidays_of(central.published.holidays())),
        "heard": ago(max(0, central.clock.wall_ms() - row.last_seen)),
        "machine": machine,
    }


def accounts(
    database: Database, thumbprint: str, zone: str, only: str = "", until: Until | None = None
) -> Iterator[Account]:
    """The streams of a kiosk of which anything arrived, its newest ledger first; with `until` stream `only` of one."""
    for ledger in reversed(ledgers.in_order(database, ledgers.of_kiosks(database, {thumbprint}))):
        for stream in STREAMS:
            if until is not None and (ledger, stream) != (until.ledger, only):
                continue
            key = StreamKey(ledger, stream)
            standing = streams.find(database, key)
            if standing is not None and standing.lines:
                yield account(database, key, standing, zone, until)


def account(database: Database, key: StreamKey, standing: Standing, zone: str, until: Until | None = None) -> Account:
    """One stream's account."""
    stream = standing.stream
    top = max([stream.held, *(run.last for run in stream.runs)])
    shown = min(top, until.last) if until else top
    first = max(0, shown - MOST_LINES)
    by = frames.carriers(database, key, above=first)
    known = Known(
        held=stream.held,
        above=tuple((run.first, run.last) for run in stream.runs),
        lost=tuple((lost.first, lost.last) for lost in stream.lost),
        refused=tuple(refusals.numbers(database, key, MOST_REFUSED)) if standing.refused_total else (),
        handed=of_carriers(by),
    )
    dated = custody.dated(numbered(database, key, first, shown), custody.offset_ms(zone))
    days, left = custody.cut(custody.with_gaps(dated, first + 1, shown), first, MOST_DAYS)
    counts = refusals.counts(database, key) if standing.refused_total else {}
    unknown = size(overlapped(by.get("", ()), left + 1, shown))
    told = custody.account(days, known)
    return Account(*key, stream.held, top, standing.lost_total, counts, told, unknown, shown, left)


def of_carriers(by: dict[str, list[Piece]]) -> dict[Carrier, Pieces]:
    """The stretches of the carriers that have a name."""
    return {carrier: tuple(by[carrier]) for carrier in CARRIERS if carrier in by}


def numbered(database: Database, key: StreamKey, above: int, last: int) -> Iterator[tuple[int, int]]:
    """Number and wall clock of held lines above a number up to another; an unreadable line has the one's before it."""
    t = 0
    for span in frames.spans_between(database, key, above + 1, last):
        for n, line in frames.lines_of(database, span):
            t = clock_of(line, t)
            if above < n <= last:
                yield n, t


def clock_of(line: bytes, otherwise: int) -> int:
    """The wall clock of a line."""
    try:
        return msgspec.json.decode(line, type=When).t
    except (msgspec.DecodeError, UnicodeDecodeError):
        return otherwise
