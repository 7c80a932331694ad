"""Jemput bola in the tables: numbers belong to the open trip, lists are worked off, villages are not forgotten."""

from __future__ import annotations

import msgspec
import pytest

from agent.actions import lists, outreach, visits
from agent.actions import trips as going
from agent.errors import BadData, Conflict, NotFound
from agent.jobs import close_day
from agent.store import forks
from tests.fakes import DAY, FakeClock
from tests.small_office import VILLAGE, small_office, small_store, take

FAR = "64.02.05.2008"


class Trips:
    """An office whose officers go out."""

    def __init__(self, home) -> None:
        self.clock = FakeClock()
        self.store = small_store(home, self.clock)
        self.office = small_office(home)

    def open(self, village: str = FAR, place: str = "SMAN 1", purpose: str = "school") -> going.Trip:
        return going.open_trip(self.store, self.office, village, place, purpose, by=2)

    def take(self, name: str, **asked) -> str:
        return take(self.store, self.office, name, **asked).visit

    def lines(self, kind: str) -> list[dict]:
        rows = self.store.rows("SELECT body FROM line ORDER BY stream, n")
        return [line["d"] for (body,) in rows if (line := msgspec.json.decode(body))["k"] == kind]

    def unserved(self) -> list[str]:
        return [each.code for each in outreach.unserved(self.store, self.office)]


@pytest.fixture
def trips(tmp_path):
    made = Trips(tmp_path)
    yield made
    made.store.close()


def test_a_trip_is_said_by_a_line(trips):
    trip = trips.open()

    assert trips.lines("trip.opened") == [
        {"village": FAR, "place": "SMAN 1", "purpose": "school", "date": "2026-11-23", "by": 2}
    ]
    assert going.current(trips.store) == trip


def test_numbers_belong_to_the_trip_while_it_is_open(trips):
    trips.take("before")
    trip = trips.open()
    trips.take("there")
    going.close_trip(trips.store, by=2)
    trips.take("after")

    assert [line.get("trip") for line in trips.lines("ticket.taken")] == [None, trip.n, None]
    assert trips.lines("trip.closed") == [{"trip": trip.n, "by": 2}]


def test_the_summary_counts_by_service_and_outcome(trips):
    trip = trips.open()
    first = trips.take("a", village=FAR)
    trips.take("b", service="kk", village=FAR)
    visits.call(trips.store, first, 1)
    visits.finish(trips.store, first, "recorded")

    assert going.summary(trips.store, trip.number) == {("ktp_first", "recorded"): 1, ("kk", "waiting"): 1}


def test_only_one_trip_is_open(trips):
    trips.open()

    with pytest.raises(Conflict, match="trip-open"):
        trips.open(VILLAGE)


def test_a_trip_that_nobody_closed_ends_with_its_day(trips):
    trips.open()
    close_day.run(trips.store, trips.office)
    assert going.current(trips.store) is not None
    trips.clock.forward(DAY)
    close_day.run(trips.store, trips.office)

    assert going.current(trips.store) is None
    assert len(trips.lines("trip.closed")) == 1


def test_nothing_is_closed_twice(trips):
    trips.open()
    going.close_trip(trips.store, by=2)

    with pytest.raises(Conflict, match="no-trip"):
        going.close_trip(trips.store, by=2)
    assert len(trips.lines("trip.closed")) == 1


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"village": "15.01.01.2001"}, "unknown-village"),
        ({"place": ""}, "trip-place"),
        ({"purpose": "x"}, "trip-purpose"),
    ],
)
def test_a_trip_to_nowhere_is_refused(trips, asked, code):
    with pytest.raises(BadData, match=code):
        trips.open(**asked)
    assert going.trips(trips.store) == []


def test_a_trip_that_is_not_there_is_told(trips):
    with pytest.raises(NotFound, match="unknown-trip"):
        going.find(trips.store, 7)


def test_after_a_fork_lines_name_the_trips_own_ledger(trips):
    trip = trips.open()
    with trips.store.write():
        forks.fork(trips.store, "asked", bytes)
    trips.take("later")
    going.close_trip(trips.store, by=2)

    assert trips.lines("ticket.taken")[-1]["trip_of"] == trip.ledger
    assert trips.lines("trip.closed")[-1]["of"] == trip.ledger


def test_who_is_on_the_list_of_the_village_is_expected(trips):
    for name, village in (("a", FAR), ("b", VILLAGE)):
        lists.put_on_list(trips.store, trips.office, trips.take(name, village=village), "outreach")

    assert [entry.village for entry in outreach.expected(trips.store, FAR)] == [FAR]


def test_who_was_reached_is_expected_no_more(trips):
    entry = lists.put_on_list(trips.store, trips.office, trips.take("a", village=FAR), "outreach")
    for _ in range(2):
        outreach.reached(trips.store, entry.number, by=2)

    assert outreach.expected(trips.store, FAR) == []
    assert len(trips.lines("list.served")) == 1


def test_nobody_is_reached_who_is_on_no_list(trips):
    with pytest.raises(BadData, match="unknown-entry"):
        outreach.reached(trips.store, 9, by=2)


def test_a_village_is_unserved_91_days_after_its_last_visit(trips):
    trips.take("a", village=FAR)
    trips.clock.forward(90 * DAY)
    assert FAR not in trips.unserved()
    trips.clock.forward(DAY)
    assert FAR in trips.unserved()


def test_a_trip_serves_its_village(trips):
    trips.open()
    trips.take("somebody of another village", village=VILLAGE)

    assert not {FAR, VILLAGE} & set(trips.unserved())
    assert len(trips.unserved()) == len(trips.office.regions.villages) - 2


def test_a_trip_that_served_nobody_leaves_its_village_unserved(trips):
    trips.open()
    assert FAR in trips.unserved()
    going.close_trip(trips.store, by=2)

    assert FAR in trips.unserved()


def test_a_trip_closed_with_a_stated_number_serves_its_village_and_says_so(trips):
    trip = trips.open()
    closed = going.close_trip(trips.store, by=2, stated=14)

    assert FAR not in trips.unserved()
    assert trips.lines("trip.closed") == [{"trip": trip.n, "by": 2, "stated": 14}]
    assert going.people(trips.store, closed) == 14
