"""Where the lines of a stream are: recorded, handed over, confirmed, refused, or missing by number. Pure.

Both ends count by the same rules, each from what it knows. Numbers are the order; a date is only
the label that the recording clock gave, so one date may have several stretches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, Literal

import msgspec

from agent.clock import DAY_MS, local, utc
from agent.domain.pieces import Piece, Pieces, joined, overlapped, size, without

Carrier = Literal["link", "stick", "objects"]
Why = Literal["kept", "under-way", "gap", "lost"]
LINK: Final = "link"
STICK: Final = "stick"
OBJECTS: Final = "objects"
CARRIERS: Final[tuple[Carrier, ...]] = (LINK, STICK, OBJECTS)


class Known(msgspec.Struct, frozen=True):
    """What one end knows of a stream.

    Central holds 1…held but for `lost`, and `above` beyond a gap; `handed` says what went by which carrier.
    """

    held: int = 0
    above: Pieces = ()
    lost: Pieces = ()
    refused: tuple[int, ...] = ()
    handed: Mapping[Carrier, Pieces] = {}


class Until(msgspec.Struct, frozen=True):
    """Which page of older days is wanted: that of a ledger's stream whose newest line is `last`."""

    ledger: str
    last: int


class Missing(msgspec.Struct, frozen=True):
    """Numbers that central does not hold.

    `kept`: never handed over; `under-way`: handed over, no word yet; `gap`: handed over, later ones arrived
    and these did not; `lost`: given up, the kiosk has them no more.
    """

    first: int
    last: int
    why: Why


class Day(msgspec.Struct, frozen=True):
    """The lines that bear one date; counts, and the missing ones by number."""

    date: date
    pieces: Pieces
    handed: dict[Carrier, int]
    confirmed: int
    refused: int
    missing: tuple[Missing, ...]

    @property
    def recorded(self) -> int:
        """How many lines there are."""
        return size(self.pieces)


def offset_ms(zone: str) -> int:
    """How far local time in `zone` is ahead of UTC, in ms; no zone of this country has summer time."""
    offset = local(0, zone).utcoffset()
    return int(offset.total_seconds() * 1000) if offset else 0


def dated(numbered: Iterable[tuple[int, int]], offset_ms: int) -> dict[date, Pieces]:
    """Date → stretches of numbers, from (number, wall clock in ms UTC) in order; `offset_ms` makes it local time."""
    found: dict[int, list[Piece]] = {}
    for n, t in numbered:
        pieces = found.setdefault((t + offset_ms) // DAY_MS, [])
        if pieces and pieces[-1][1] == n - 1:
            pieces[-1] = (pieces[-1][0], n)
        else:
            pieces.append((n, n))
    days: dict[date, Pieces] = {}
    for number, pieces in found.items():
        label = utc(number * DAY_MS).date()
        days[label] = joined((*days.get(label, ()), *pieces))
    return days


def with_gaps(days: Mapping[date, Pieces], first: int, last: int) -> dict[date, Pieces]:
    """The days with every number of first…last that has none, given to the day of the line before it."""
    given = dict(days)
    if not given:
        return given
    ends = {high: label for label, pieces in days.items() for _, high in pieces}
    earliest = min(days, key=lambda label: days[label][0])
    for low, high in without([(first, last)], [piece for pieces in days.values() for piece in pieces]):
        label = ends.get(low - 1, earliest)
        given[label] = joined((*given[label], (low, high)))
    return given


def cut(days: Mapping[date, Pieces], above: int, most: int) -> tuple[dict[date, Pieces], int]:
    """The newest `most` days of lines above a number, and the number up to which lines are left for another page.

    Every line above that number is in one of the days. Where there are lines at `above` or below, the oldest
    day may go on there; it is left whole to that page, unless it is the only one.
    """
    newest = sorted(days.items(), key=lambda item: item[1][-1], reverse=True)
    whole = newest[:-1] if above and len(newest) > 1 else newest
    kept = whole[:most]
    if len(kept) == len(newest):
        return dict(kept), above
    left = newest[len(kept)][1][-1][1]
    return {label: overlapped(pieces, left + 1, pieces[-1][1]) for label, pieces in kept}, left


def account(days: Mapping[date, Pieces], known: Known) -> list[Day]:
    """What became of the lines of each day; the newest numbers first."""
    newest = sorted(days.items(), key=lambda item: item[1][-1], reverse=True)
    return [day_of(label, pieces, known) for label, pieces in newest]


def day_of(label: date, pieces: Pieces, known: Known) -> Day:
    """What became of the lines of one day."""
    confirmed = without(within(pieces, [(1, known.held)]), known.lost)
    return Day(
        date=label,
        pieces=pieces,
        handed={carrier: size(within(pieces, known.handed.get(carrier, ()))) for carrier in CARRIERS},
        confirmed=size(confirmed),
        refused=sum(bool(overlapped(pieces, n, n)) for n in known.refused),
        missing=missing_of(pieces, known),
    )


def missing_of(pieces: Pieces, known: Known) -> tuple[Missing, ...]:
    """The numbers among `pieces` that central does not hold, each with the reason, in order."""
    lacking = without(pieces, [(1, known.held), *known.above])
    gone = [piece for each in known.handed.values() for piece in each]
    handed, top = within(lacking, gone), max((high for _, high in known.above), default=0)
    reasons: dict[Why, Pieces] = {
        "lost": within(pieces, known.lost),
        "kept": without(lacking, gone),
        "gap": overlapped(handed, 1, top),
        "under-way": without(handed, [(1, top)]),
    }
    found = [Missing(first, last, why) for why, each in reasons.items() for first, last in each]
    return tuple(sorted(found, key=lambda each: each.first))


def within(pieces: Iterable[Piece], bounds: Iterable[Piece]) -> Pieces:
    """The parts of the pieces that lie in any of the bounds."""
    kept = tuple(pieces)
    return joined(part for first, last in joined(bounds) for part in overlapped(kept, first, last))
