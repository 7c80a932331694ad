"""The derived tables `trip` and `trip_visit`, and what they and the visits tell of sibling devices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from peewee import JOIN, Database, fn

from agent.wire.trips import MOST_TRIPS, is_date
from agent.wire.trips import Trip as ToldTrip
from central.store.models import Kiosk, Ledger, QueueDay, TripVisit, Visit
from central.store.models import Trip as TripModel
from central.store.rows import chunks, upsert
from central.trips import Identity, Trip

SPOKEN_FOR = ("approved", "suspended")


def load(database: Database, keys: Iterable[Identity]) -> dict[Identity, Trip]:
    """The trips of these keys; those that have no row yet are new and empty."""
    found = {key: Trip(*key) for key in keys}
    for ledger in sorted({ledger for ledger, _ in found}):
        for numbers in chunks(sorted(n for of, n in found if of == ledger)):
            query = TripModel.select().where((TripModel.ledger == ledger) & TripModel.n.in_(numbers))
            found.update({(row[0], row[1]): Trip(*row) for row in query.tuples().execute(database)})
    return found


def save(database: Database, trips: Iterable[Trip]) -> None:
    """Write the trips."""
    upsert(database, TripModel, [msgspec.structs.astuple(trip) for trip in trips])


def note_visits(database: Database, visits: Sequence[tuple[Identity, Identity]]) -> None:
    """Write which trip each of these visits belongs to."""
    upsert(database, TripVisit, [(*visit, *trip) for visit, trip in visits])


def siblings(database: Database, thumbprint: str) -> list[str]:
    """The other kiosks that speak for the office of this one."""
    office = Kiosk.select(Kiosk.office).where((Kiosk.thumbprint == thumbprint) & Kiosk.state.in_(SPOKEN_FOR))
    where = (Kiosk.office == office) & (Kiosk.thumbprint != thumbprint) & Kiosk.state.in_(SPOKEN_FOR)
    query = Kiosk.select(Kiosk.thumbprint).where(where).order_by(Kiosk.thumbprint)
    return [each for (each,) in query.tuples().execute(database)]


def office_of(database: Database, thumbprint: str) -> str:
    """The kecamatan that a kiosk speaks for."""
    return str(Kiosk.select(Kiosk.office).where(Kiosk.thumbprint == thumbprint).scalar(database) or "")


def told(database: Database, devices: list[str], office: str, since: date, until: date) -> list[ToldTrip]:
    """The newest trips of these devices to villages of the office, with how many people each served."""
    people = fn.COUNT(TripVisit.n)
    on = (TripVisit.trip_ledger == TripModel.ledger) & (TripVisit.trip_n == TripModel.n)
    query = TripModel.select(TripModel, people.alias("people")).join(TripVisit, JOIN.LEFT_OUTER, on=on)
    where = TripModel.ledger.in_(ledgers_of(devices)) & TripModel.village.startswith(f"{office}.")
    where &= TripModel.date.between(since.isoformat(), until.isoformat())
    columns = [getattr(TripModel, name) for name in Trip.__struct_fields__]
    query = query.where(where).group_by(*columns).order_by(TripModel.date.desc(), TripModel.ledger, TripModel.n.desc())
    rows = query.limit(MOST_TRIPS).tuples().execute(database)
    return [told_trip(Trip(*row), count) for *row, count in rows if is_date(row[5])]


def told_trip(trip: Trip, numbers: int) -> ToldTrip:
    """A trip as other devices are told of it."""
    people, closed = numbers + trip.stated, trip.closed_rank is not None
    words = (trip.village or "", trip.place or "", trip.purpose or "", trip.date or "")
    return ToldTrip(trip.ledger, trip.n, *words, people, closed)


def villages(database: Database, devices: list[str], office: str, since: date, until: date) -> dict[str, str]:
    """Village of the office → the last date on which one of these devices served somebody from it."""
    on = (QueueDay.ledger == Visit.ledger) & (QueueDay.day == Visit.day)
    day: Any = fn.COALESCE(QueueDay.date, Visit.date)
    query = Visit.select(Visit.village, fn.MAX(day)).join(QueueDay, JOIN.LEFT_OUTER, on=on)
    where = Visit.ledger.in_(ledgers_of(devices)) & Visit.village.startswith(f"{office}.")
    where &= day.between(since.isoformat(), until.isoformat())
    rows = query.where(where).group_by(Visit.village).tuples().execute(database)
    return {village: last for village, last in rows if is_date(last)}


def ledgers_of(devices: list[str]) -> Any:
    """The ledgers that these kiosks may sign."""
    return Ledger.select(Ledger.ledger).where(Ledger.kiosk.in_(devices))


def between(now: date, days: int) -> tuple[date, date]:
    """The dates that count: so many days back, and tomorrow, for offices whose day begins before ours."""
    return now - timedelta(days=days), now + timedelta(days=1)
