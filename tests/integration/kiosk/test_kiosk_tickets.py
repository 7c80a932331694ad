"""POST /api/v1/tickets: a ticket is a promise."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from agent.actions.counters import open_counter
from agent.wire import subject as wire_subject
from tests.patience import PATIENCE

ASKED = {"service": "ktp_first", "village": "64.02.05.2001", "request_id": "r-1"}
NIK = "6402055501990001"


def test_a_request_gets_a_number(citizen):
    answer = citizen.post("/api/v1/tickets", json=ASKED)

    assert answer.status_code == 201
    told = answer.get_json()
    assert (told["ticket"], told["ahead"], told["print"]) == ("A-001", 0, "none")
    assert told.keys() == {"visit", "ticket", "code", "queue_day", "ahead", "wait_minutes", "wait_reason", "print"}


def test_the_same_request_gets_the_same_number_again(citizen):
    first = citizen.post("/api/v1/tickets", json=ASKED)
    again = citizen.post("/api/v1/tickets", json=ASKED)

    assert again.status_code == 200
    assert again.get_json() == first.get_json()


@pytest.mark.parametrize(
    "change",
    [{"village": "outside"}, {"service": "ktp_early"}, {"priority": True}],
    ids=lambda change: next(iter(change)),
)
def test_a_request_id_belongs_to_one_request(citizen, change):
    citizen.post("/api/v1/tickets", json=ASKED)

    answer = citizen.post("/api/v1/tickets", json={**ASKED, **change})

    assert answer.status_code == 409
    assert answer.get_json()["code"] == "request-id-reused"


def test_the_nik_does_not_take_part_in_comparing_requests(citizen):
    first = citizen.post("/api/v1/tickets", json={**ASKED, "nik": NIK})
    again = citizen.post("/api/v1/tickets", json=ASKED)

    assert again.status_code == 200
    assert again.get_json()["ticket"] == first.get_json()["ticket"]


def test_twenty_taps_at_once_are_one_ticket(kiosk):
    together = threading.Barrier(20)

    def tap(_: int) -> dict:
        client = kiosk.client("citizen")
        together.wait(PATIENCE)
        return client.post("/api/v1/tickets", json=ASKED).get_json()

    with ThreadPoolExecutor(20) as taps:
        answers = list(taps.map(tap, range(20)))

    assert {answer["ticket"] for answer in answers} == {"A-001"}
    assert kiosk.visits() == 1


def test_twenty_people_at_once_get_twenty_numbers(kiosk):
    together = threading.Barrier(20)

    def tap(person: int) -> str:
        client = kiosk.client("citizen")
        together.wait(PATIENCE)
        return client.post("/api/v1/tickets", json={**ASKED, "request_id": f"p{person}"}).get_json()["ticket"]

    with ThreadPoolExecutor(20) as taps:
        numbers = sorted(taps.map(tap, range(20)))

    assert numbers == [f"A-{place:03d}" for place in range(1, 21)]


def test_services_of_one_series_share_its_numbers(take):
    tickets = [take("ktp_first")["ticket"], take("ktp_early")["ticket"], take("kk")["ticket"]]

    assert tickets == ["A-001", "A-002", "B-001"]


def test_people_ahead_are_told(kiosk, take):
    open_counter(kiosk.store, kiosk.office, 1)
    take()
    take()

    third = take()

    assert third["ahead"] == 2
    assert third["wait_minutes"][0] <= 8 <= third["wait_minutes"][1]
    assert third["wait_reason"] is None


def test_priority_comes_first(take):
    take()

    assert take(priority=True)["ahead"] == 0


def test_a_number_wakes_the_agent(kiosk, take):
    take()

    assert kiosk.nudges == [kiosk.home]


def test_the_staff_listener_asks_for_the_token(staff, bearer):
    without = staff.post("/api/v1/tickets", json=ASKED)
    with_token = staff.post("/api/v1/tickets", json=ASKED, headers=bearer)

    assert (without.status_code, with_token.status_code) == (401, 201)


def test_a_nik_is_sealed_and_nowhere_else_in_the_database(kiosk, citizen):
    citizen.post("/api/v1/tickets", json={**ASKED, "nik": NIK})
    kiosk.store.close()

    files = [file.read_bytes() for file in (kiosk.home / "data").rglob("*") if file.is_file()]

    assert not any(NIK.encode() in content for content in files)


def test_the_regency_can_open_what_was_sealed(kiosk, citizen):
    citizen.post("/api/v1/tickets", json={**ASKED, "nik": NIK})
    ledger = kiosk.store.rows("SELECT name FROM ledger")[0][0]
    n, sealed = kiosk.store.rows("SELECT n, sealed FROM subject")[0]

    opened = wire_subject.unseal(sealed, kiosk.sealing_key, wire_subject.info(ledger, "enrollments", n))

    assert opened == {"nik": NIK}


def test_without_a_sealing_key_a_nik_is_not_kept_at_all(keyless):
    answer = keyless.client("citizen").post("/api/v1/tickets", json={**ASKED, "nik": NIK})

    assert answer.status_code == 201
    assert keyless.store.rows("SELECT count(*) FROM subject") == [(0,)]


@pytest.mark.parametrize(
    ("nik", "code"),
    [
        ("64020555019900", "nik-format"),
        ("6402057501990001", "nik-date"),
        ("6402053102990001", "nik-date"),
        ("6402055501990000", "nik-serial"),
        ("9902055501990001", "nik-province"),
        ("6400055501990001", "nik-region"),
    ],
)
def test_an_ill_formed_nik_is_refused_with_its_fault(kiosk, citizen, nik, code):
    answer = citizen.post("/api/v1/tickets", json={**ASKED, "nik": nik})

    assert answer.status_code == 422
    assert (answer.get_json()["code"], answer.get_json()["field"]) == (code, "nik")
    assert kiosk.visits() == 0


@pytest.mark.parametrize("village", ["64.02.05.9999", "", "Outside", "64.02.05"])
def test_a_village_is_of_this_office_or_outside_or_unknown(citizen, village):
    answer = citizen.post("/api/v1/tickets", json={**ASKED, "village": village})

    assert answer.status_code == 422
    assert answer.get_json()["field"] == "village"


def test_an_unknown_service_is_named(citizen):
    answer = citizen.post("/api/v1/tickets", json={**ASKED, "service": "passport"})

    assert (answer.status_code, answer.get_json()["code"]) == (422, "unknown-service")
