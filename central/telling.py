"""Tells a kiosk of the trips that other devices of its kecamatan made: places, dates, counts, and no person."""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from agent.clock import utc
from agent.wire import base64url
from agent.wire.trips import Told, Trips, sign_told
from central.opening import Central
from central.store import trips
from central.store.database import Database

DAYS: Final = 120  # a village counts as unserved after 90
MARK_BYTES: Final = 8


def told(database: Database, thumbprint: str, now: int) -> Told | None:
    """What is to be told to a kiosk; None where its kecamatan has no other device."""
    devices = trips.siblings(database, thumbprint)
    if not devices:
        return None
    office, days = trips.office_of(database, thumbprint), trips.between(utc(now).date(), DAYS)
    newest = tuple(trips.told(database, devices, office, *days))
    last = trips.villages(database, devices, office, *days)
    for trip in newest:
        if trip.people:
            last[trip.village] = max(trip.date, last.get(trip.village, ""))
    found = Trips(newest, dict(sorted(last.items())))
    return Told(1, thumbprint, now, mark_of(devices, found), tuple(devices), found)


def mark_of(devices: list[str], found: Trips) -> str:
    """A short name of what is told: other content, another mark."""
    digest = hashlib.sha256(msgspec.json.encode((devices, found))).digest()
    return base64url.encode(digest[:MARK_BYTES])


def mark(database: Database, thumbprint: str, now: int) -> str | None:
    """The mark that a receipt names; None where there is nothing to tell."""
    found = told(database, thumbprint, now)
    return found.mark if found is not None and found.told != Trips() else None


def token(central: Central, thumbprint: str) -> str | None:
    """What is to be told, signed; None where there is nothing."""
    now = central.clock.wall_ms()
    with central.store.session() as database:
        found = told(database, thumbprint, now)
    return None if found is None else sign_told(found, central.receipt_key)
