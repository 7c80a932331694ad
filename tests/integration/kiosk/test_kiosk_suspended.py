"""A suspended kiosk gives citizens no numbers and says where else to go; everything else goes on."""

from __future__ import annotations

import os

import msgspec
import pytest

from agent.actions import kiosk_life
from agent.actions.notices import set_notice
from agent.actions.officers import add_officer
from agent.errors import BadData, Conflict
from agent.office import Office
from tests.builders import PIN
from tests.command_line import run
from tests.integration.kiosk.steps import sign_in, visit

NEAREST = "Kantor Kecamatan Marang Kayu, Jalan Poros Bontang"


@pytest.fixture
def with_a_neighbour(kiosk):
    """The office knows where else people may go."""
    here = kiosk.office
    office = msgspec.structs.replace(here.settings.office, nearest=(NEAREST,))
    kiosk.office = Office(msgspec.structs.replace(here.settings, office=office), here.offer, here.regions)


def kinds_said(kiosk) -> list[str]:
    return [msgspec.json.decode(line)["k"] for line in kiosk.lines()]


def test_the_screen_says_why_and_where_else_to_go(kiosk, with_a_neighbour):
    kiosk_life.move(kiosk.store, "suspend", "repair")

    page = visit(kiosk.client("citizen"), "/")

    assert page.shown("suspended") == "Anjungan ini sedang tidak dipakai"
    assert "Mesin sedang diperbaiki." in page.text
    assert NEAREST in page.text
    assert not page.has("service-ktp_first")


def test_a_citizen_in_the_middle_of_a_wish_is_told(kiosk, citizen):
    village = visit(citizen, "/").touch("service-ktp_first").touch("without-nik")
    kiosk_life.move(kiosk.store, "suspend", "staff")

    page = village.touch("village-unknown")

    assert page.has("suspended")
    assert kiosk.visits() == 0


def test_the_board_says_it_too(kiosk, staff):
    kiosk_life.move(kiosk.store, "suspend", "repair")

    assert "Anjungan ini sedang tidak dipakai." in visit(staff, "/papan").text


def test_a_program_is_refused_with_a_code(kiosk, citizen):
    kiosk_life.move(kiosk.store, "suspend", "power")

    answer = citizen.post("/api/v1/tickets", json={"service": "ktp_first", "village": "unknown", "request_id": "r1"})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "kiosk-suspended")


def test_a_number_that_was_given_is_still_shown_and_called(kiosk, citizen, take, counter):
    code = take()["code"]
    kiosk_life.move(kiosk.store, "suspend", "repair")

    called = counter.touch("call-next")

    assert called.shown("current-ticket") == "A-001"
    assert visit(citizen, f"/nomor/{code}").shown("ticket-number") == "A-001"


def test_numbers_go_on_where_they_were(kiosk, take):
    take()
    kiosk_life.move(kiosk.store, "suspend", "repair")
    kiosk_life.move(kiosk.store, "retire", "other")
    kiosk_life.move(kiosk.store, "resume", "repair")

    assert take()["ticket"] == "A-002"


def test_each_move_is_a_line_with_its_reason(kiosk):
    kiosk_life.move(kiosk.store, "suspend", "repair", by=3)

    assert msgspec.json.decode(kiosk.lines()[-1])["d"] == {
        "state": "suspended", "was": "active", "reason": "repair", "by": 3
    }  # fmt: skip


def test_a_move_that_is_refused_leaves_nothing_behind(kiosk):
    with pytest.raises(Conflict, match="cannot be moved"):
        kiosk_life.move(kiosk.store, "resume", "repair")
    with pytest.raises(BadData):
        kiosk_life.move(kiosk.store, "suspend", "Pak Budi sakit")

    assert kiosk_life.changes(kiosk.store) == []
    assert "kiosk.changed" not in kinds_said(kiosk)


def test_a_technician_suspends_and_brings_back_and_the_history_says_who(technician):
    page = visit(technician, "/teknisi/anjungan").touch("life-suspend", reason="building")
    suspended = page.shown("life-state")
    page = page.touch("life-resume", reason="building")

    assert (suspended, page.shown("life-state")) == ("Dihentikan sementara", "Dipakai")
    assert "Dihentikan sementara Dipakai Ruang tidak dapat dipakai Andi" in page.text


def test_the_page_at_a_glance_says_that_the_kiosk_is_suspended(kiosk, technician):
    assert not visit(technician, "/teknisi").has('data-testid="life"')
    kiosk_life.move(kiosk.store, "suspend", "repair")

    assert "Anjungan ini : Dihentikan sementara." in visit(technician, "/teknisi").text


def test_a_page_that_is_out_of_date_does_no_harm(kiosk, technician):
    page = visit(technician, "/teknisi/anjungan")
    kiosk_life.move(kiosk.store, "suspend", "repair")

    assert page.touch("life-suspend", reason="repair").shown("life-state") == "Dihentikan sementara"


def test_a_kiosk_is_retired_for_a_reason_that_was_chosen(kiosk, technician):
    page = visit(technician, "/teknisi/anjungan")

    assert page.touch("life-retire", reason="").shown("life-state") == "Dipakai"
    assert page.touch("life-retire", reason="moved").shown("life-state") == "Tidak dipakai lagi"


def test_an_officer_may_not_suspend(kiosk, staff):
    add_officer(kiosk.store, "Siti", "officer", random_bytes=os.urandom, pin=PIN)
    sign_in(staff, "Siti", PIN)

    assert staff.get("/teknisi/anjungan").status_code == 403


def test_the_command_line_does_the_same(kiosk, capsys):
    config = kiosk.home / "kiosk.toml"

    first = run(capsys, "suspend", "--config", config, "--reason", "moved")
    again = run(capsys, "suspend", "--config", config)

    assert (first.status, first.out) == (0, "active -> suspended\n")
    assert again.says(1, "illegal-move", field="move")
    assert kiosk_life.last_change(kiosk.store).reason == "moved"


def test_a_disturbance_names_the_nearest_office(kiosk, with_a_neighbour):
    set_notice(kiosk.store, kiosk.office, "siak", by=2)

    page = visit(kiosk.client("citizen"), f"/data?service=ktp_first&request={'0' * 32}")

    assert f"Kantor terdekat yang melayani: {NEAREST}." in page.text


def test_without_a_disturbance_no_other_office_is_named(kiosk, with_a_neighbour):
    assert NEAREST not in visit(kiosk.client("citizen"), f"/data?service=ktp_first&request={'0' * 32}").text
