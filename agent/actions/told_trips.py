"""Trips of the kecamatan's other devices, as central or the devices' own files tell of them.

They stand beside this office's trips and in none of its totals. The same may be told many times, by both
ways and in any order: the larger count and the later date stay, and each trip is one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import msgspec

from agent.actions import outreach, trips
from agent.clock import utc
from agent.errors import BadData, Conflict, NotAllowed, UsageError
from agent.office import Office
from agent.store import ledger
from agent.store.database import Store
from agent.wire import pairing
from agent.wire import trips as wire
from agent.wire.kinds import KitConfirmed
from agent.wire.line import ledger_thumbprint

AT: Final = "trips_told_at"  # central's clock, ms UTC, when it told last
FILE: Final = "data/trips.jws"  # this device's own trips, signed by the agent, to be carried to the office


class ToldTrip(msgspec.Struct, frozen=True):
    """A trip of another device; `by_central` is False where only the device's own file told of it."""

    ledger: str
    n: int
    village: str
    place: str
    purpose: str
    date: str
    people: int
    closed: bool
    by_central: bool

    @property
    def device(self) -> str:
        """The code by which people know the device, XXXX-XXXX-XXXX."""
        return pairing.code(ledger_thumbprint(self.ledger))


class Came(msgspec.Struct, frozen=True):
    """What a file brought: trips that are new here or grew, and the people of all its trips."""

    trips: int
    people: int
    device: str


def told(store: Store, first: str = "", last: str = "9999", most: int = 50) -> list[ToldTrip]:
    """Trips of other devices on local dates, the newest first."""
    rows = store.rows(
        "SELECT ledger, n, village, place, purpose, date, people, closed, by_central FROM told_trip"
        " WHERE date BETWEEN ? AND ? ORDER BY date DESC, ledger, n DESC LIMIT ?",
        first, last, most,
    )  # fmt: skip
    return [ToldTrip(*row[:7], *map(bool, row[7:])) for row in rows]


def told_at(store: Store) -> int | None:
    """When central told last, ms UTC by its clock; None where it never did."""
    at = ledger.facts(store, AT).get(AT)
    return int(at) if at else None


def keep_central(store: Store, word: wire.Told) -> None:
    """Keep what central told, inside the caller's transaction; the devices it names are believed, others no longer."""
    put(store, word.told, by_central=True)
    store.run("DELETE FROM kit_device WHERE by IS NULL")
    now = store.clock.wall_ms()
    for device in word.devices:
        store.run("INSERT OR IGNORE INTO kit_device (thumbprint, by, t) VALUES (?, NULL, ?)", device, now)
    ledger.set_fact(store, AT, str(max(word.at, told_at(store) or 0)))


def put(store: Store, found: wire.Trips, *, by_central: bool) -> None:
    """Merge trips and dates; a date that is yet to come is a clock's fault and serves no village."""
    for trip in found.trips:
        store.run(
            "INSERT INTO told_trip VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " people = max(people, excluded.people), closed = max(closed, excluded.closed),"
            " by_central = max(by_central, excluded.by_central)",
            *msgspec.structs.astuple(trip), by_central,
        )  # fmt: skip
    tomorrow = (utc(store.clock.wall_ms()).date() + timedelta(days=1)).isoformat()
    for village, day in found.villages.items():
        if day <= tomorrow:
            store.run(
                "INSERT INTO told_village VALUES (?, ?)"
                " ON CONFLICT DO UPDATE SET date = max(date, excluded.date)",
                village, day,
            )  # fmt: skip


def read_file(store: Store, office: Office, token: str, by: int, *, code: str = "", trusted: bool = False) -> Came:
    """Take in a file of trips that somebody carried here from another device.

    `code` is what a supervisor (`trusted`) read on that device, where nobody vouched for its key yet.
    Raises BadData `trip-file-damaged`, `-foreign`, `-own` or `-code`, NotAllowed `trip-file-unknown`,
    Conflict `trip-file-again` where nothing in it is new; then nothing was kept.
    """
    try:
        file, device = wire.read_file(token.strip())
    except BadData as fault:
        raise BadData("trip-file-damaged", f"no whole file of trips: {fault.sentence}", field="file") from fault
    check_whose(store, office, file, device)
    vouched = bool(store.rows("SELECT 1 FROM kit_device WHERE thumbprint = ?", device))
    if not vouched:
        check_code(device, code, trusted=trusted)
    with store.write():
        if not vouched:
            now = store.clock.wall_ms()
            store.run("INSERT OR IGNORE INTO kit_device (thumbprint, by, t) VALUES (?, ?, ?)", device, by, now)
            ledger.append(store, KitConfirmed(device, by))
        new = sum(is_news(store, trip) for trip in file.told.trips)
        if not new:
            raise Conflict("trip-file-again", "every trip in it is known already", field="file")
        put(store, file.told, by_central=False)
    return Came(new, sum(trip.people for trip in file.told.trips), pairing.code(device))


def check_whose(store: Store, office: Office, file: wire.TripFile, device: str) -> None:
    """Raises BadData for a file of another kecamatan, or of this machine itself."""
    villages = {*file.told.villages, *(trip.village for trip in file.told.trips)}
    if file.office != office.code or any(not village.startswith(f"{office.code}.") for village in villages):
        raise BadData("trip-file-foreign", f"this file is of {file.office[:8]}, not of {office.code}", field="file")
    if device == own_key(store):
        raise BadData("trip-file-own", "these are trips of this machine itself", field="file")


def check_code(device: str, code: str, *, trusted: bool) -> None:
    """Raises NotAllowed `trip-file-unknown` without a supervisor's word, BadData `trip-file-code` for another code."""
    if not trusted or not code.strip():
        raise NotAllowed("trip-file-unknown", "a supervisor types the code that the device shows", field="code")
    try:
        same = pairing.plain_code(code) == pairing.code(device)
    except UsageError:
        same = False
    if not same:
        raise BadData("trip-file-code", "this file was signed by a device with another code", field="code")


def is_news(store: Store, trip: wire.Trip) -> bool:
    """Whether a trip is new here, or has more to it than was told."""
    found = store.rows("SELECT people, closed FROM told_trip WHERE ledger = ? AND n = ?", trip.ledger, trip.n)
    return not found or trip.people > found[0][0] or trip.closed > found[0][1]


def own_word(store: Store, office: Office) -> wire.TripFile:
    """What this device has to tell of its own trips; of those that an older key made only the villages."""
    key = own_key(store)
    newest = [wire_trip(store, each) for each in trips.trips(store, wire.MOST_TRIPS) if each.ledger.startswith(key)]
    villages = {
        village: day for village, day in outreach.served(store).items() if village.startswith(f"{office.code}.")
    }
    return wire.TripFile(1, office.code, store.clock.wall_ms(), wire.Trips(tuple(newest), villages))


def own_key(store: Store) -> str:
    """The thumbprint of this device's key."""
    return ledger_thumbprint(ledger.tail(store, ledger.ENROLLMENTS).ledger)


def wire_trip(store: Store, trip: trips.Trip) -> wire.Trip:
    """A trip of our own as others are told of it."""
    people = trips.people(store, trip)
    words = (trip.village, trip.place, trip.purpose, trip.date)
    return wire.Trip(trip.ledger, trip.n, *words, people, not trip.is_open)


def signed_word(store: Store, of: Sequence[trips.Trip]) -> str:
    """This device's signed file if it tells of these trips as they are now; else empty: the agent is to sign anew."""
    file = store.home / FILE
    try:
        token = file.read_text("ascii").strip()
        known = set(wire.read_file(token)[0].told.trips)
    except (OSError, ValueError, BadData):
        return ""
    return token if {wire_trip(store, trip) for trip in of} <= known else ""
