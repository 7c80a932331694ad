"""The help button rings at the counter until an officer goes there, and costs the citizen nothing."""

from __future__ import annotations

import pytest

from agent.actions import bell
from tests.fakes import MINUTE
from tests.integration.kiosk.steps import visit

NIK = "6402055501990001"


def test_the_help_button_rings_at_the_counter(citizen, counter):
    visit(citizen, "/").touch("help")

    assert "Warga di anjungan meminta bantuan sejak 08.00 WITA" in visit(counter.client, "/loket").text


def test_an_officer_answers_the_bell(kiosk, citizen, counter):
    visit(citizen, "/").touch("help")

    page = visit(counter.client, "/loket").touch("bell-answer")

    assert not page.has("bell-answer")
    assert bell.rung(kiosk.store) is None


def test_ringing_again_keeps_the_first_time(kiosk, citizen):
    visit(citizen, "/").touch("help")
    kiosk.clock.forward(MINUTE)
    visit(citizen, "/").touch("help")

    assert bell.rung(kiosk.store) == kiosk.clock.wall_ms() - MINUTE


def test_a_bell_that_nobody_answered_is_silent_the_next_hour(kiosk, citizen, counter):
    visit(citizen, "/").touch("help")
    kiosk.clock.forward(31 * MINUTE)

    assert not visit(counter.client, "/loket").has("bell-answer")
    assert bell.ring(kiosk.store) == kiosk.clock.wall_ms()


def test_the_bell_is_no_line_of_the_stream(kiosk, citizen):
    before = len(kiosk.lines())

    visit(citizen, "/").touch("help")

    assert len(kiosk.lines()) == before


@pytest.mark.parametrize("touches", [[], ["service-kk"], ["service-kk", "without-nik"]])
def test_after_the_call_the_citizen_goes_on_where_they_were(citizen, touches):
    page = visit(citizen, "/?look=large")
    for touch in touches:
        page = page.touch(touch)

    called = page.touch("help")

    assert "Petugas akan membantu Anda." in called.text
    back = next(link["href"] for link in called.reader.links if link.get("data-testid") == "help-back")
    assert visit(citizen, back).path == page.path
    assert "look=large" in back


def test_a_typed_nik_outlives_the_call_and_stays_out_of_every_address(citizen):
    confirm = visit(citizen, "/").touch("service-kk").touch("with-nik").touch("nik-next", nik=NIK)

    called = confirm.touch("help")

    assert NIK not in " ".join(link["href"] for link in called.reader.links)
    assert NIK not in " ".join(form.action for form in called.reader.forms)
    assert "15 Januari 1999" in called.touch("help-back").text


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example/", "/nomor/../../x", "", "\\evil", "/a" * 99 + "?"]
)
def test_the_way_back_leads_to_this_kiosk_only(citizen, back):
    answer = citizen.post("/bantuan", data={"back": back, "nik": NIK}).get_data(as_text=True)

    assert '<a class="button main" href="/"' in answer


def test_another_site_cannot_ring(kiosk, citizen):
    answer = citizen.post("/bantuan", headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403
    assert bell.rung(kiosk.store) is None


def test_nobody_answers_the_bell_without_signing_in(kiosk, citizen, staff):
    visit(citizen, "/").touch("help")

    staff.post("/loket/bel")

    assert bell.rung(kiosk.store) is not None
