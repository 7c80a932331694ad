"""A number found again by its code: its place and its state, and nothing personal."""

from __future__ import annotations

import msgspec
import pytest

from agent.actions import lists
from agent.actions.paper import LATE_MS
from agent.actions.tickets import CODE_LETTERS
from agent.settings import PrinterSettings
from tests.integration.kiosk.steps import form_to, visit

NIK = "6402055501990001"


@pytest.fixture
def given(take) -> dict:
    return take("kk", nik=NIK, village="64.02.05.2001")


@pytest.fixture
def printing(kiosk):
    """The office has a printer, which nobody serves."""
    printer = PrinterSettings(kind="file", path="/nowhere")
    kiosk.office.settings = msgspec.structs.replace(kiosk.office.settings, printer=printer)
    return kiosk


def states(kiosk) -> list[str]:
    return [state for (state,) in kiosk.store.rows("SELECT print FROM visit ORDER BY number")]


def test_the_welcome_leads_to_the_keypad(citizen):
    assert 'href="/cari"' in visit(citizen, "/").answer.get_data(as_text=True)


def test_a_typed_code_shows_place_and_state(citizen, take, given):
    page = visit(citizen, "/cari").touch("find-go", code=take("kk")["code"])

    assert page.shown("ticket-number") == "B-002"
    assert "Menunggu sebelum Anda: 1 orang" in page.text


@pytest.mark.parametrize("dress", ["{}", " {} ", "]Q1{}", "{}\r\n"])
def test_spaces_capitals_and_a_scanners_prefix_do_no_harm(citizen, given, dress):
    typed = dress.format(given["code"].upper())

    assert visit(citizen, "/cari").touch("find-go", code=typed).shown("ticket-number") == "B-001"


def test_nothing_personal_is_shown(citizen, given):
    html = visit(citizen, f"/cari/{given['code']}").answer.get_data(as_text=True)

    assert NIK not in html
    assert "64.02.05.2001" not in html


def test_the_keypad_has_every_letter_of_a_code_and_works_without_javascript(citizen, given):
    page = visit(citizen, "/cari")
    for key in given["code"]:
        form = form_to(page, "/cari")
        assert {button.get("value") for button in form.buttons} >= set(CODE_LETTERS)
        page = page.send(form, {**form.fields, "key": key})

    assert page.touch("find-go").shown("ticket-number") == "B-001"


@pytest.mark.parametrize("code", ["zzzzzzzzz", "", "🙂" * 30, "a" * 10_000, "' OR 1=1 --", "nul\x00"])
def test_a_code_that_is_none_is_told_kindly(citizen, given, code):
    page = visit(citizen, "/cari").touch("find-go", code=code)

    assert page.status == 422
    assert "Kode ini tidak ada." in page.text


def test_a_scanned_code_that_is_none_leads_to_the_keypad(citizen):
    page = visit(citizen, "/cari/zzzzzzzzz")

    assert page.status == 404
    assert page.has("find-go")


def test_a_code_scanned_where_a_nik_is_asked_finds_the_number(citizen, given):
    page = visit(citizen, "/").touch("service-kk").touch("with-nik").touch("nik-next", nik=given["code"])

    assert page.path == f"/cari/{given['code']}"


def test_a_called_number_says_where_to_go(citizen, staff, bearer, given):
    staff.post("/api/v1/calls", json={"counter": 4}, headers=bearer)

    assert "Silakan ke loket 4." in visit(citizen, f"/cari/{given['code']}").text


def test_no_paper_is_offered_without_a_printer(citizen, given):
    assert not visit(citizen, f"/cari/{given['code']}").has("print-again")


def test_paper_may_be_had_again_but_not_twice_in_a_minute(printing, take):
    code, client = take("kk")["code"], printing.client("citizen")
    with printing.store.write():
        printing.store.run("UPDATE visit SET print = 'printed'")
    assert not visit(client, f"/cari/{code}").has("print-again")
    printing.clock.forward(60_000)

    page = visit(client, f"/cari/{code}").touch("print-again")

    assert (states(printing), page.has("print-again")) == (["pending"], False)


def test_what_nobody_printed_in_time_may_be_asked_for_again(printing, take):
    code, client = take("kk")["code"], printing.client("citizen")
    assert not visit(client, f"/cari/{code}").has("print-again")
    printing.clock.forward(LATE_MS + 1)

    page = visit(client, f"/cari/{code}").touch("print-again")

    assert (states(printing), page.has("print-again")) == (["pending"], False)


def test_what_failed_may_be_printed_at_once(printing, take):
    code = take("kk")["code"]
    with printing.store.write():
        printing.store.run("UPDATE visit SET print = 'failed'")

    visit(printing.client("citizen"), f"/cari/{code}").touch("print-again")

    assert states(printing) == ["pending"]
    assert printing.nudges


def test_the_slip_of_a_place_is_printed_again(printing, take):
    given = take("kk", village="64.02.05.2001")
    lists.put_on_list(printing.store, printing.office, given["visit"], "outreach")
    with printing.store.write():
        printing.store.run("UPDATE listing SET print = 'failed'")

    visit(printing.client("citizen"), f"/cari/{given['code']}").touch("print-again")

    assert printing.store.rows("SELECT print FROM listing") == [("pending",)]


def test_a_number_that_is_over_is_not_printed_again(printing, take, staff, bearer):
    given = take("kk")
    staff.post("/api/v1/calls", json={"counter": 4}, headers=bearer)
    staff.post(f"/api/v1/visits/{given['visit']}/finish", json={"outcome": "recorded"}, headers=bearer)
    printing.clock.forward(120_000)

    page = visit(printing.client("citizen"), f"/cari/{given['code']}")

    assert "sudah selesai dilayani" in page.text
    assert not page.has("print-again")


def test_another_site_prints_nothing(printing, take):
    code = take("kk")["code"]
    answer = printing.client("citizen").post(f"/cari/{code}/cetak", headers={"Origin": "http://evil.example"})

    assert answer.status_code == 403
