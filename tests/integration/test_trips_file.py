"""Trips of a laptop carried over as a signed file: whose it is, what is refused, what counts once."""

from __future__ import annotations

import msgspec
import pytest

from agent.actions import told_trips
from agent.actions import trips as going
from agent.errors import BadData, Conflict, NotAllowed
from agent.wire import jose
from agent.wire import trips as wire
from tests.kit_device import FAR, Device
from tests.small_office import VILLAGE, take


@pytest.fixture
def office(tmp_path):
    made = Device(tmp_path / "office")
    yield made
    made.store.close()


@pytest.fixture
def laptop(tmp_path):
    made = Device(tmp_path / "laptop")
    yield made
    made.store.close()


def test_a_file_of_a_device_whose_code_a_supervisor_compared_is_read(office, laptop):
    laptop.go(people=4)

    came = office.read(laptop.file(), laptop.code().lower().replace("-", " "))

    assert (came.trips, came.people, came.device) == (1, 4, laptop.code())
    assert FAR not in office.unserved()
    assert office.told() == [(FAR, 4, False)]


def test_the_code_is_compared_once_and_said_by_a_line(office, laptop):
    laptop.go()
    office.read(laptop.file(), laptop.code())
    laptop.go(VILLAGE)

    assert office.read(laptop.file(), trusted=False).trips == 1
    bodies = [bytes(body) for (body,) in office.store.rows("SELECT body FROM line")]
    assert sum(b'"kit.confirmed"' in body for body in bodies) == 1


def test_a_file_with_more_people_than_before_replaces_the_smaller_count(office, laptop):
    going.open_trip(laptop.store, laptop.office, FAR, "SMAN 1", "school", by=2)
    take(laptop.store, laptop.office, "one", village=FAR)
    office.read(laptop.file(), laptop.code())
    take(laptop.store, laptop.office, "two", village=FAR)
    office.read(laptop.file())

    assert office.told() == [(FAR, 2, False)]


def refused(office: Device, token: str, code: str = "", *, trusted: bool = True) -> str:
    """The code by which a file is refused; nothing of it was kept."""
    with pytest.raises((BadData, Conflict, NotAllowed)) as told:
        office.read(token, code, trusted=trusted)
    assert office.store.rows("SELECT count(*) FROM told_village") == [(0,)]
    return told.value.code


def test_a_damaged_file_is_refused(office, laptop):
    laptop.go()
    token = laptop.file().strip()
    spoiled = [token[:-20], token[:60] + "A" + token[61:], token + token, "x", "", "é", "A" * 100_000]

    assert {refused(office, each, laptop.code()) for each in spoiled} == {"trip-file-damaged"}


def test_a_file_of_another_kecamatan_is_refused(office, laptop):
    laptop.go()
    word = told_trips.own_word(laptop.store, laptop.office)
    abroad = msgspec.structs.replace(word, office="64.02.06")
    lied = msgspec.structs.replace(word, told=wire.Trips((), {"64.02.06.2001": "2026-11-23"}))

    for each in (abroad, lied):
        assert refused(office, wire.sign_file(each, laptop.key), laptop.code()) == "trip-file-foreign"


def test_a_file_of_trips_that_another_key_made_is_damaged(office, laptop):
    laptop.go()
    thief = wire.sign_file(told_trips.own_word(laptop.store, laptop.office), jose.new_key())

    assert refused(office, thief, laptop.code()) == "trip-file-damaged"


def test_the_offices_own_file_is_refused(office):
    office.go()

    assert refused(office, office.file(), office.code()) == "trip-file-own"


def test_a_device_that_nobody_vouched_for_needs_a_supervisor_and_its_code(office, laptop):
    laptop.go()
    token = laptop.file()

    assert refused(office, token) == "trip-file-unknown"
    assert refused(office, token, laptop.code(), trusted=False) == "trip-file-unknown"
    assert refused(office, token, office.code()) == "trip-file-code"
    assert refused(office, token, "12") == "trip-file-code"


def test_the_same_file_twice_is_said_and_changes_nothing(office, laptop):
    laptop.go()
    token = laptop.file()
    office.read(token, laptop.code())

    with pytest.raises(Conflict, match="trip-file-again"):
        office.read(token)
    assert office.told() == [(FAR, 2, False)]


def test_the_signed_file_is_good_while_nothing_changed(laptop):
    laptop.go()
    trips = going.trips(laptop.store)
    assert told_trips.signed_word(laptop.store, trips) == ""
    token = laptop.file().strip()
    assert told_trips.signed_word(laptop.store, trips) == token
    laptop.go(VILLAGE)

    assert told_trips.signed_word(laptop.store, going.trips(laptop.store)) == ""
