"""A trip to a village: while it is open, every number that is given belongs to it."""

from __future__ import annotations

from contextlib import suppress

import msgspec

from agent.actions import day
from agent.domain import outreach
from agent.errors import BadData, Conflict, NotFound
from agent.office import Office
from agent.store import ledger
from agent.store.database import Store
from agent.wire.kinds import TripClosed, TripOpened

_TRIP = "SELECT number, ledger, n, village, place, purpose, date, opened_t, closed_t, stated FROM trip"


class Trip(msgspec.Struct, frozen=True):
    """A trip: (ledger, n) of its line is its lasting name; `date` is local, times are ms UTC.

    `stated` people were served without a number, as an officer said when closing it.
    """

    number: int
    ledger: str
    n: int
    village: str
    place: str
    purpose: str
    date: str
    opened_t: int
    closed_t: int | None
    stated: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the officers are still out."""
        return self.closed_t is None


def open_trip(store: Store, office: Office, village: str, place: str, purpose: str, by: int) -> Trip:
    """Open a trip to a village of this office.

    Raises BadData `unknown-village`, `trip-place` or `trip-purpose`, Conflict `trip-open` while another one is.
    """
    if office.regions.village(village) is None:
        raise BadData("unknown-village", "a village of this office by its code", field="village")
    tidy, why = outreach.place(place), outreach.purpose(purpose)
    today = day.local_date(store, office).isoformat()
    with store.write():
        if current(store) is not None:
            raise Conflict("trip-open", "a trip is open already; close it first", field="trip")
        name, n = ledger.append(store, TripOpened(village, tidy, why, today, by))
        store.run(
            "INSERT INTO trip (ledger, n, village, place, purpose, date, by, opened_t) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            name, n, village, tidy, why, today, by, store.clock.wall_ms(),
        )  # fmt: skip
    return trips(store, 1)[0]


def close_trip(store: Store, by: int, stated: int = 0) -> Trip:
    """The officers are back, `stated` people served without a number; the trip as it was.

    Raises Conflict `no-trip` where none is open.
    """
    with store.write():
        trip = current(store)
        if trip is None:
            raise Conflict("no-trip", "no trip is open", field="trip")
        here = ledger.tail(store, ledger.ENROLLMENTS).ledger
        ledger.append(store, TripClosed(trip.n, by, None if trip.ledger == here else trip.ledger, stated))
        now = store.clock.wall_ms()
        store.run("UPDATE trip SET closed_t = ?, stated = ? WHERE number = ?", now, stated, trip.number)
    return find(store, trip.number)


def close_of_yesterday(store: Store, office: Office) -> None:
    """Close a trip that nobody closed on its day, so that the office's own numbers do not belong to a village."""
    trip = current(store)
    if trip is not None and trip.date < day.local_date(store, office).isoformat():
        with suppress(Conflict):  # an officer closed it meanwhile
            close_trip(store, by=0)


def current(store: Store) -> Trip | None:
    """The open trip, if there is one."""
    found = store.rows(f"{_TRIP} WHERE closed_t IS NULL ORDER BY number DESC LIMIT 1")
    return Trip(*found[0]) if found else None


def trips(store: Store, most: int = 50) -> list[Trip]:
    """The newest trips."""
    return [Trip(*row) for row in store.rows(f"{_TRIP} ORDER BY number DESC LIMIT ?", most)]


def find(store: Store, number: int) -> Trip:
    """A trip by its row; raises NotFound `unknown-trip`."""
    found = store.rows(f"{_TRIP} WHERE number = ?", number)
    if not found:
        raise NotFound("unknown-trip", f"there is no trip {number}", field="trip")
    return Trip(*found[0])


def summary(store: Store, trip: int) -> dict[tuple[str, str], int]:
    """How many visits of a trip there are by (service, outcome); the state stands for a missing outcome."""
    word = "coalesce(outcome, state)"
    rows = store.rows(f"SELECT service, {word}, count(*) FROM visit WHERE trip = ? GROUP BY 1, 2", trip)  # noqa: S608
    return {(service, outcome): count for service, outcome, count in rows}


def queue_date(store: Store, trip: Trip) -> str:
    """The queue day on which a trip's numbers were given; the trip's own date before the first."""
    asked = "SELECT min(q.date) FROM visit v JOIN queue_day q ON q.number = v.day WHERE v.trip = ?"
    return str(store.rows(asked, trip.number)[0][0] or trip.date)


def people(store: Store, trip: Trip) -> int:
    """How many people a trip served: its numbers, and those stated besides."""
    return trip.stated + int(store.rows("SELECT count(*) FROM visit WHERE trip = ?", trip.number)[0][0])


def in_line(store: Store, trip: Trip | None) -> dict[str, int | str]:
    """How a line names a trip: by n, and by its ledger where that is not the open one; nothing for none."""
    if trip is None:
        return {}
    here = ledger.tail(store, ledger.ENROLLMENTS).ledger
    return {"trip": trip.n} if trip.ledger == here else {"trip": trip.n, "trip_of": trip.ledger}
