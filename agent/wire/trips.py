"""Trips that other devices of the same kecamatan made: told by central, or carried over as a file of the device.

Both are compact JWS of the same shape, counts and dates only. Central's is signed by a listed receipt
key and addressed to one kiosk; a device's by the key that its header shows. What they say may be told
again and in any order: whoever keeps it takes the larger count and the later date.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from agent.errors import BadData
from agent.wire import jose, strict_json
from agent.wire.line import Count, Number, Whole, ledger_thumbprint

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

    from agent.wire.keys import KeyList

TOLD: Final = "rekam-trips+jws"  # central's word to one kiosk
FILE: Final = "rekam-tripfile+jws"  # a device's own, on a stick or by upload
MOST_TRIPS: Final = 40  # the newest; villages tell of older ones
MOST_VILLAGES: Final = 1_000
MOST_PEOPLE: Final = 1_000_000  # on one trip
LONGEST_WORD: Final = 200
_VILLAGE: Final = re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{4}", re.ASCII)


class Trip(msgspec.Struct, frozen=True):
    """A trip by the (ledger, n) of its `trip.opened`; `people` were served, `date` is local, YYYY-MM-DD."""

    ledger: str
    n: Number
    village: str
    place: str
    purpose: str
    date: str
    people: Count
    closed: bool


class Trips(msgspec.Struct, frozen=True):
    """The newest trips, and for each village the last date on which somebody of it, or in it, was served."""

    trips: tuple[Trip, ...] = ()
    villages: dict[str, str] = {}


class Told(msgspec.Struct, frozen=True):
    """Central's word to `kiosk` (a thumbprint) on its sibling `devices`; `mark` changes with what is told."""

    v: int
    kiosk: str
    at: Whole
    mark: str
    devices: tuple[str, ...]
    told: Trips


class TripFile(msgspec.Struct, frozen=True):
    """A device's own word, as it stood at `at` by its clock; `office` is its kecamatan, PP.KK.CC."""

    v: int
    office: str
    at: Whole
    told: Trips


def sign_told(told: Told, key: OKPKey) -> str:
    """Central's word as a compact JWS."""
    return jose.sign(msgspec.json.encode(told), key, TOLD, show_key=False)


def read_told(token: str, keys: KeyList, kiosk: str) -> Told:
    """Central's word to `kiosk`; raises BadData, or BadSignature `unknown-key`."""
    header = jose.peek(token, TOLD)
    told = strict_json.read(jose.verify(token, keys.find(header.kid, use="receipt"), TOLD), Told, field="trips")
    if told.v != 1 or told.kiosk != kiosk:
        raise BadData("malformed", "trips of version 1 for this kiosk", field="kiosk")
    check(told.told)
    return told


def sign_file(file: TripFile, key: OKPKey) -> str:
    """A device's own trips as a compact JWS."""
    return jose.sign(msgspec.json.encode(file), key, FILE, show_key=True)


def read_file(token: str) -> tuple[TripFile, str]:
    """A device's trips and the thumbprint of the key that signed them; raises BadData, BadSignature."""
    payload, key = jose.verify_by_header(token, FILE)
    file, thumbprint = strict_json.read(payload, TripFile, field="trips"), key.thumbprint()
    if file.v != 1:
        raise BadData("malformed", "trips of version 1", field="v")
    check(file.told)
    for trip in file.told.trips:
        if ledger_thumbprint(trip.ledger) != thumbprint:
            raise BadData("malformed", "a device tells of its own trips only", field="ledger")
    return file, thumbprint


def check(told: Trips) -> None:
    """Raises BadData for more than can be, and for what is no village, date or ledger."""
    if len(told.trips) > MOST_TRIPS or len(told.villages) > MOST_VILLAGES:
        raise BadData("malformed", f"at most {MOST_TRIPS} trips and {MOST_VILLAGES} villages", field="trips")
    for trip in told.trips:
        ledger_thumbprint(trip.ledger)
        if max(len(trip.place), len(trip.purpose)) > LONGEST_WORD or trip.people > MOST_PEOPLE:
            raise BadData("malformed", "a longer word or a larger count than a trip has", field="place")
    dates = [*((trip.village, trip.date) for trip in told.trips), *told.villages.items()]
    for village, day in dates:
        if not _VILLAGE.fullmatch(village) or not is_date(day):
            raise BadData("malformed", "a village is PP.KK.CC.VVVV, a date YYYY-MM-DD", field="village")


def is_date(text: str) -> bool:
    """Whether a text is a date, YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
