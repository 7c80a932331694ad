"""The page of jemput bola, from an opened trip to its summary."""

from __future__ import annotations

import pytest

from agent.actions import lists
from tests.integration.kiosk.steps import visit

FAR = "64.02.05.2008"


@pytest.fixture
def trips(staff, counter):
    return visit(staff, "/jemput-bola")


def gone(trips):
    return trips.touch("trip-open", village=FAR, place="SMAN 1", purpose="school")


def test_every_village_of_a_new_office_is_unserved(kiosk, trips):
    assert trips.shown("unserved") == str(len(kiosk.office.regions.villages))


def test_a_number_taken_on_a_trip_is_in_its_summary(trips, take):
    gone(trips)
    take(village=FAR)
    closed = visit(trips.client, "/jemput-bola").touch("trip-close")

    assert closed.path == "/jemput-bola/1"
    assert closed.shown("trip-total") == "1"


def test_the_counter_says_that_a_trip_is_open(trips):
    assert not visit(trips.client, "/loket").has("trip-strip")
    gone(trips)

    assert visit(trips.client, "/loket").has("trip-strip")


def test_people_on_the_list_are_ticked_off(kiosk, trips, take):
    entry = lists.put_on_list(kiosk.store, kiosk.office, take(village=FAR)["visit"], "outreach")
    here = gone(trips)
    assert entry.code in here.text

    assert entry.code not in here.touch(f"reached-{entry.number}").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({"place": ""}, "Tulis nama tempat"), ({"place": "Bu Ani 6402055708990003"}, "Tulis nama tempat"),
     ({"village": "x"}, "Pilih desanya"), ({"purpose": "x"}, "Pilih tujuannya")],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(trips, typed, sentence):
    asked = {"village": FAR, "place": "SMAN 1", "purpose": "school", **typed}

    assert sentence in trips.touch("trip-open", **asked).text


def test_a_page_of_before_finds_the_trip_closed(trips):
    here = gone(trips)
    here.touch("trip-close")

    assert "sudah ditutup" in here.touch("trip-close").text


def test_a_trip_that_is_not_there_has_no_page(trips):
    assert visit(trips.client, "/jemput-bola/9").status == 404
