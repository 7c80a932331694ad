"""A trip on a laptop of the kit reaches the office: by central, or carried over as a signed file."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from agent.actions import outreach, reports, told_trips
from agent.actions import trips as going
from agent.clock import utc
from agent.domain.period import Period
from agent.errors import BadData, Conflict, NotAllowed
from agent.folder import Folder
from agent.jobs import sign_trips
from agent.store import ledger
from agent.uplink import stick
from agent.uplink.courier import Courier
from agent.uplink.signing import Signer
from agent.uplink.trips_down import MARK, TripsDown
from agent.uplink.trust import Trust
from agent.wire import jose, names, pairing
from agent.wire import trips as wire
from central import carry
from central.filing import rebuild
from central.store import kiosks
from tests.builders import drawn
from tests.fakes import DAY, FakeClock
from tests.integration.central_desk import NOON
from tests.real_central import Wire
from tests.small_office import CODE, VILLAGE, small_office, small_store, take

FAR = "64.02.05.2008"
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Device:
    """A machine of the kecamatan: its own key, streams and database."""

    def __init__(self, home, desk=None) -> None:
        self.key = jose.new_key()
        self.clock = FakeClock()
        self.store = small_store(home, self.clock, thumbprint=self.key.thumbprint())
        self.office = small_office(home, root=desk.root if desk else "r" * 43)
        if desk:
            trust = Trust(home, desk.root)
            self.courier = Courier(self.store, Signer(self.store, self.key), trust, Wire(desk.client), drawn())
            self.pair(desk)
        self.count = 0

    def pair(self, desk, office: str = CODE) -> None:
        desk.clock.now = max(desk.clock.now, self.clock.wall_ms())
        with desk.central.store.write() as database:
            kiosks.ask(database, self.key.thumbprint(), office, 0)
            kiosks.set_state(database, self.key.thumbprint(), "approved")
        with self.store.write():
            ledger.set_fact(self.store, "pairing", "paired")

    def go(self, village: str = FAR, people: int = 2, stated: int = 0, place: str = "Balai Desa") -> None:
        """A trip, opened and closed, with so many numbers."""
        going.open_trip(self.store, self.office, village, place, "village", by=2)
        for _ in range(people):
            self.count += 1
            take(self.store, self.office, f"{self.key.thumbprint()} {self.count}", village=village)
        going.close_trip(self.store, by=2, stated=stated)

    def send(self) -> None:
        while self.courier.send_next().more:
            pass

    def unserved(self) -> set[str]:
        return {each.code for each in outreach.unserved(self.store, self.office)}

    def told(self) -> list[tuple[str, int, bool]]:
        return [(each.village, each.people, each.by_central) for each in told_trips.told(self.store)]

    def file(self) -> str:
        """What its agent signs for the office."""
        sign_trips.run(self.store, self.office, self.key)
        return (self.store.home / told_trips.FILE).read_text()

    def read(self, token: str, code: str = "", *, trusted: bool = True) -> told_trips.Came:
        return told_trips.read_file(self.store, self.office, token, 2, code=code, trusted=trusted)

    def code(self) -> str:
        return pairing.code(self.key.thumbprint())


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
