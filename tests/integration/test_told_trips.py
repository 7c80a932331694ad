"""A trip on a laptop of the kit reaches the office by central."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from agent.actions import reports, told_trips
from agent.clock import utc
from agent.domain.period import Period
from agent.folder import Folder
from agent.store import ledger
from agent.uplink import stick
from agent.uplink.trips_down import MARK, TripsDown
from agent.wire import jose, names
from agent.wire import trips as wire
from central import carry
from central.filing import rebuild
from central.store import kiosks
from central.store.models import Trip, TripVisit
from tests.fakes import DAY
from tests.integration.central_desk import NOON
from tests.kit_device import FAR, Device
from tests.real_central import Wire
from tests.small_office import CODE, VILLAGE, take

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def linked(desk, tmp_path):
    """The office and the laptop of one kecamatan, both known to central."""
    made = Device(tmp_path / "office", desk), Device(tmp_path / "laptop", desk)
    yield made
    for each in made:
        each.store.close()


def test_a_trip_on_a_laptop_reaches_the_offices_unserved_list_by_central(linked):
    office, laptop = linked
    laptop.go(people=3)
    laptop.send()
    assert FAR in office.unserved()
    office.courier.heartbeat("good")

    assert FAR not in office.unserved()
    assert office.told() == [(FAR, 3, True)]


@ON_SQLITE
def test_what_is_told_is_in_no_total_of_the_office(linked):
    office, laptop = linked
    laptop.go(people=3)
    laptop.send()
    office.courier.heartbeat("good")

    today = utc(office.clock.wall_ms()).date()
    days = Period("day", today - timedelta(days=1), today + timedelta(days=1))
    assert reports.rows(office.store, office.office, days) == []
    assert [each.people for each in told_trips.told(office.store, "2026-11-01", "2026-11-30")] == [3]


@ON_SQLITE
def test_a_trip_that_served_nobody_is_told_and_serves_no_village(linked):
    office, laptop = linked
    laptop.go(people=0)
    laptop.send()
    office.courier.heartbeat("good")

    assert office.told() == [(FAR, 0, True)]
    assert FAR in office.unserved()


@ON_SQLITE
def test_people_of_other_villages_who_came_to_the_laptop_are_served_too(linked):
    office, laptop = linked
    take(laptop.store, laptop.office, "at the market", village=VILLAGE)
    laptop.send()
    office.courier.heartbeat("good")

    assert VILLAGE not in office.unserved()
    assert office.told() == []


@ON_SQLITE
def test_what_did_not_change_is_fetched_once(linked):
    office, laptop = linked
    laptop.go()
    laptop.send()
    asked = []
    office.courier.central.get = lambda path, *_: asked.append(path) or Wire.get(office.courier.central, path, *_)
    for _ in range(3):
        office.courier.heartbeat("good")

    assert asked.count("/v1/trips") == 1


@ON_SQLITE
def test_a_kecamatan_with_one_device_is_told_nothing_and_asks_nothing(linked):
    office, laptop = linked
    laptop.go()
    laptop.send()
    with office.store.write():
        ledger.set_fact(office.store, MARK, "before")
    laptop.courier.central.get = None  # nobody calls it
    laptop.courier.heartbeat("good")

    assert laptop.told() == []


@pytest.mark.parametrize("word", ["revoked", "pending"])
@ON_SQLITE
def test_a_device_that_may_not_speak_is_told_of_no_more(desk, linked, word):
    office, laptop = linked
    laptop.go()
    laptop.send()
    with desk.central.store.write() as database:
        kiosks.set_state(database, laptop.key.thumbprint(), word)
    office.courier.heartbeat("good")

    assert FAR in office.unserved()


@ON_SQLITE
def test_a_device_of_another_kecamatan_is_not_told_of(desk, linked):
    office, laptop = linked
    laptop.go()
    laptop.send()
    with desk.central.store.write() as database:
        kiosks.set_office(database, laptop.key.thumbprint(), "64.02.06")
    office.courier.heartbeat("good")

    assert office.told() == []


@ON_SQLITE
def test_trips_from_before_central_knew_of_trips_are_told_after_a_rebuild(desk, linked):
    office, laptop = linked
    laptop.go(people=3)
    laptop.send()
    with desk.central.store.write() as database:  # as an update leaves them
        for table in (Trip, TripVisit):
            table.delete().execute(database)
    office.courier.heartbeat("good")
    assert office.told() == []

    rebuild(desk.central.store)
    office.courier.heartbeat("good")

    assert office.told() == [(FAR, 3, True)]
    assert FAR not in office.unserved()


def test_a_rebuild_at_central_tells_the_same(desk, linked):
    office, laptop = linked
    laptop.go(stated=5)
    laptop.send()
    office.courier.heartbeat("good")
    mark = ledger.facts(office.store, MARK)
    rebuild(desk.central.store)
    office.courier.heartbeat("good")

    assert (office.told(), ledger.facts(office.store, MARK)) == ([(FAR, 7, True)], mark)


@ON_SQLITE
def test_a_laptops_clock_in_the_future_serves_no_village(linked):
    office, laptop = linked
    laptop.clock.forward(400 * DAY)
    laptop.go()
    laptop.send()
    office.courier.heartbeat("good")

    assert FAR in office.unserved()


@ON_SQLITE
def test_a_trip_is_told_by_stick_where_there_is_no_link(desk, linked, tmp_path):
    office, laptop = linked
    laptop.go()
    (tmp_path / "stick").mkdir()
    box = Folder(tmp_path / "stick")
    for device in linked:
        stick.carry_out(device.store, device.courier.signer, CODE, box, lambda *_: None)
    carry.carry(desk.central, box)
    trust, thumbprint = office.courier.trust, office.key.thumbprint()
    (office.store.home / "keys/keylist.jws").unlink(missing_ok=True)
    stick.carry_in(office.store, trust, thumbprint, box, lambda *_: None, office.courier.hearing)

    assert office.told() == [(FAR, 2, True)]
    assert (box.path / names.trips_name(thumbprint)).exists()


@ON_SQLITE
def test_a_word_for_another_kiosk_or_by_another_key_is_passed_over(desk, linked):
    office, laptop = linked
    laptop.go()
    laptop.send()
    told = wire.Told(1, laptop.key.thumbprint(), NOON, "m", (), wire.Trips((), {FAR: "2026-11-23"}))
    down = TripsDown(office.store, office.courier.trust)
    office.courier.heartbeat("good")
    with office.store.write():
        office.store.run("DELETE FROM told_village")

    assert not down.accept(wire.sign_told(told, desk.central.receipt_key))
    mine = msgspec.structs.replace(told, kiosk=office.key.thumbprint())
    assert not down.accept(wire.sign_told(mine, jose.new_key()))
    assert FAR in office.unserved()


@ON_SQLITE
def test_a_device_that_central_names_needs_no_code(linked):
    office, laptop = linked
    laptop.go()
    laptop.send()
    office.courier.heartbeat("good")
    laptop.go(VILLAGE)

    assert office.read(laptop.file(), trusted=False).trips == 1


@ON_SQLITE
def test_a_file_and_then_centrals_word_count_once(linked):
    office, laptop = linked
    laptop.go(people=3)
    office.read(laptop.file(), laptop.code())
    laptop.send()
    office.courier.heartbeat("good")

    assert office.told() == [(FAR, 3, True)]
    assert [each.people for each in told_trips.told(office.store, "2026-01-01", "2026-12-31")] == [3]
