"""A service is taken out of services.toml while people wait for it: their numbers stay good on every page."""

from __future__ import annotations

import os

import msgspec
import pytest

from agent.actions import counters, paper, visits, waits
from agent.actions.officers import add_officer
from agent.office import Office
from tests.builders import PIN
from tests.integration.kiosk.steps import sign_in, visit


@pytest.fixture
def number(kiosk, take):
    """A number for the family card, which the office does not offer any more."""
    given = take("kk")
    left = {name: service for name, service in kiosk.office.services.items() if name != "kk"}
    offer = msgspec.structs.replace(kiosk.office.offer, services=left)
    kiosk.office = Office(kiosk.office.settings, offer, kiosk.office.regions, kiosk.office.elections)
    return given


@pytest.fixture
def counter(kiosk, number):
    """An officer who signs in after the change."""
    add_officer(kiosk.store, "Siti", "officer", random_bytes=os.urandom, pin=PIN)
    return sign_in(kiosk.client("staff"), "Siti", PIN).touch("counter-1")


def test_its_citizen_still_finds_the_number(kiosk, number):
    page = visit(kiosk.client("citizen"), f"/nomor/{number['code']}")

    assert page.status == 200
    assert page.shown("ticket-number") == "B-001"


def test_asking_again_shows_the_same_number(kiosk, number):
    body = {"service": "kk", "village": "unknown", "request_id": "r1"}
    again = kiosk.client("citizen").post("/api/v1/tickets", json=body)

    assert again.get_json()["ticket"] == "B-001"


@pytest.mark.parametrize("path", ["/loket", "/laporan", "/papan"])
def test_no_page_of_the_staff_breaks(counter, path):
    assert visit(counter.client, path).status == 200


def test_an_officer_calls_and_finishes_it(kiosk, counter):
    page = counter.touch("call-next")
    page.touch("outcome-recorded")

    assert page.shown("current-ticket") == "B-001"
    assert kiosk.store.rows("SELECT outcome FROM visit") == [("recorded",)]


def test_its_wait_is_that_of_its_own_line(kiosk, number):
    counters.open_counter(kiosk.store, kiosk.office, 1)
    wait = waits.wait_of(kiosk.store, kiosk.office, visits.find(kiosk.store, number["visit"]))

    assert (wait.ahead, wait.minutes is not None) == (0, True)


def test_its_paper_names_it_by_its_id(kiosk, number):
    found = visits.find(kiosk.store, number["visit"])

    assert "kk" in str(paper.ticket_rows(kiosk.store, kiosk.office, found, 32))
