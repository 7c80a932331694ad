"""What becomes of a trip to a village, line by line, in any order and more than once. Pure."""

from __future__ import annotations

import msgspec

from agent.wire.kinds import TicketTaken, TripClosed, TripOpened
from central.labels import label
from central.visits import Fact

Identity = tuple[str, int]


class Trip(msgspec.Struct):
    """A row of `trip`, its columns in their order; what only its closing told has no village yet."""

    ledger: str
    n: int
    village: str | None = None
    place: str | None = None
    purpose: str | None = None
    date: str | None = None
    stated: int = 0
    closed_rank: int | None = None


def named(fact: Fact, own: str) -> Identity | None:
    """The trip that a line speaks of, as the line names it; None for a number without one."""
    kind = fact.kind
    if isinstance(kind, TripOpened):
        return fact.ledger, fact.n
    if isinstance(kind, TripClosed):
        return kind.of or own, kind.trip
    if isinstance(kind, TicketTaken) and kind.trip is not None:
        return kind.trip_of or own, kind.trip
    return None


def apply(trip: Trip, fact: Fact) -> None:
    """Change the trip by what its opening or closing says; of two closings the later one counts."""
    kind = fact.kind
    if isinstance(kind, TripOpened):
        trip.village, trip.place = label(kind.village), label(kind.place)
        trip.purpose, trip.date = label(kind.purpose), label(kind.date)
    elif isinstance(kind, TripClosed) and (trip.closed_rank is None or fact.rank >= trip.closed_rank):
        trip.closed_rank, trip.stated = fact.rank, max(0, kind.stated)
