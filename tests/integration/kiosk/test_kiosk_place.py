"""Who cannot be served now may wait, choose another service, or have a place on a list; nothing personal in it."""

from __future__ import annotations

import re
from datetime import time

import msgspec
import pytest

from agent.actions import lists
from agent.actions.notices import put, set_notice
from agent.actions.tickets import TicketRequest
from agent.errors import BadData, Conflict
from agent.office import Office
from agent.settings_values import TimeWindow
from tests.integration.kiosk.steps import Page, visit

VILLAGE = "64.02.05.2001"


@pytest.fixture
def disturbed(kiosk, citizen) -> Page:
    """A service that cannot be had: the link to SIAK is down."""
    set_notice(kiosk.store, kiosk.office, "siak", by=2)
    return visit(citizen, "/").touch("service-kk")


def entries(kiosk) -> list[tuple]:
    return kiosk.store.rows("SELECT list, service, village, date FROM listing")


def test_a_service_that_stands_well_offers_no_other_day(citizen):
    assert not visit(citizen, "/").touch("service-kk").has("another-day")


def test_the_next_working_days_and_the_visit_to_the_village_may_be_chosen(disturbed):
    page = disturbed.touch("another-day")

    assert "Selasa, 24 November 2026" in page.text
    assert "Senin, 30 November 2026" in page.text
    assert "Sabtu" not in page.text
    assert "Jemput bola di desa saya" in page.text


def test_four_touches_give_a_place_on_another_day(kiosk, disturbed):
    page = disturbed.touch("another-day").touch("place-1").touch(f"village-{VILLAGE}")

    assert entries(kiosk) == [("day", "kk", VILLAGE, "2026-11-24")]
    assert page.shown("place-date") == "Selasa, 24 November 2026"
    assert page.shown("ticket-number") == "B-001"


def test_a_day_that_a_dead_clock_offers_can_be_had(kiosk, disturbed):
    kiosk.clock.step_to(0)
    disturbed.touch("another-day").touch("place-1").touch(f"village-{VILLAGE}")

    assert len(entries(kiosk)) == 1


def test_the_village_is_visited_without_a_date_yet(kiosk, disturbed):
    page = disturbed.touch("another-day").touch("place-outreach")
    assert not page.has("village-unknown")

    shown = page.touch(f"village-{VILLAGE}")

    assert entries(kiosk) == [("outreach", "kk", VILLAGE, "")]
    assert "Tanggal akan diumumkan" in shown.text


def test_nobody_waits_for_a_number_that_has_a_place(kiosk, disturbed):
    disturbed.touch("another-day").touch("place-1").touch(f"village-{VILLAGE}")

    assert kiosk.store.rows("SELECT state, outcome, print FROM visit") == [("finished", "referred", "none")]


def test_a_double_tap_is_one_place(kiosk, disturbed):
    villages = disturbed.touch("another-day").touch("place-1")
    first, again = villages.touch(f"village-{VILLAGE}"), villages.touch(f"village-{VILLAGE}")

    assert first.shown("ticket-number") == again.shown("ticket-number")
    assert (len(entries(kiosk)), kiosk.visits()) == (1, 1)


def test_a_place_is_offered_with_the_first_question_too(kiosk, citizen):
    set_notice(kiosk.store, kiosk.office, "set", by=2)

    page = visit(citizen, "/").touch("service-ktp_first")

    assert "Alat perekaman rusak sejak 08.00 WITA." in page.text
    assert page.touch("another-day").has("place-outreach")


def test_what_the_agent_proposed_is_said_and_offers_another_day(kiosk, citizen):
    with kiosk.store.write():
        put(kiosk.store, "siak", ("kk",), by=0)

    assert "Kartu Keluarga (KK) Terganggu sejak 08.00 WITA" in visit(citizen, "/").text
    assert visit(citizen, "/").touch("service-kk").has("another-day")


def test_a_used_up_quota_gives_places_on_another_day(kiosk):
    services = dict(kiosk.office.services)
    services["birth"] = msgspec.structs.replace(services["birth"], quota=0)
    offer = msgspec.structs.replace(kiosk.office.offer, services=services)
    kiosk.office = Office(kiosk.office.settings, offer, kiosk.office.regions, kiosk.office.elections)

    page = visit(kiosk.client("citizen"), "/").touch("service-birth").touch("another-day")

    assert page.touch("place-2").touch("village-unknown").shown("place-date") == "Rabu, 25 November 2026"


def main_button(page: Page) -> list[str]:
    """What stands out at the foot of a page."""
    return re.findall(r'class="button main" data-testid="([^"]+)"', page.answer.get_data(as_text=True))


@pytest.mark.parametrize("hours", [12, -24], ids=["after-hours", "sunday"])
@pytest.mark.parametrize("service", ["kk", "ktp_first", "ktp_print"])
def test_once_the_office_is_closed_another_day_stands_out_and_a_number_can_still_be_had(kiosk, service, hours):
    kiosk.clock.step_to(kiosk.clock.wall + hours * 3_600_000)

    page = visit(kiosk.client("citizen"), "/").touch(f"service-{service}")

    assert main_button(page) == ["another-day"]
    assert page.has("without-nik")
    assert "Nomor tetap boleh diambil" not in page.text


def test_with_a_disturbance_and_in_the_break_a_number_stays_the_way_on(kiosk, disturbed):
    hours = msgspec.structs.replace(kiosk.office.settings.hours, breaks=(TimeWindow(time(7), time(9)),))
    settings = msgspec.structs.replace(kiosk.office.settings, hours=hours)
    kiosk.office = Office(settings, kiosk.office.offer, kiosk.office.regions, kiosk.office.elections)

    page = visit(kiosk.client("citizen"), "/")

    assert "Sedang istirahat" in page.text
    assert main_button(disturbed) == main_button(page.touch("service-kk")) == ["with-nik"]


def test_a_day_that_passed_meanwhile_is_asked_again(kiosk, disturbed):
    villages = disturbed.touch("another-day").touch("place-1")
    kiosk.clock.step_to(kiosk.clock.wall + 5 * 86_400_000)

    page = villages.touch(f"village-{VILLAGE}")

    assert page.has("place-outreach")
    assert entries(kiosk) == []


def test_the_code_of_a_place_finds_it_again(disturbed):
    page = disturbed.touch("another-day").touch("place-1").touch(f"village-{VILLAGE}")

    found = visit(page.client, "/cari" + page.path.removeprefix("/nomor"))

    assert found.shown("place-date") == "Selasa, 24 November 2026"


def asked(**more) -> TicketRequest:
    return TicketRequest(**({"service": "kk", "village": VILLAGE, "request_id": "r1"} | more))


def place(kiosk, which="day", day="2026-11-24", **more):
    return lists.take_place(kiosk.store, kiosk.office, asked(**more), which, day, kiosk.random_bytes)


def test_a_number_and_its_place_are_both_or_neither(kiosk, monkeypatch):
    monkeypatch.setattr(lists, "put", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        place(kiosk)
    assert (kiosk.visits(), entries(kiosk)) == (0, [])


@pytest.mark.parametrize("village", ["outside", "unknown"])
def test_outreach_needs_a_village(kiosk, village):
    with pytest.raises(BadData, match="unknown-village"):
        place(kiosk, "outreach", "", village=village)


def test_another_request_under_the_same_id_is_refused(kiosk):
    place(kiosk)

    with pytest.raises(Conflict, match="request-id-reused"):
        place(kiosk, service="birth")


def test_a_disturbance_is_said_when_the_office_is_closed_too(kiosk, citizen):
    set_notice(kiosk.store, kiosk.office, "siak", by=2, services=("kk",))
    kiosk.clock.step_to(kiosk.clock.wall + 12 * 3_600_000)

    assert "Kartu Keluarga (KK) Terganggu sejak 08.00 WITA" in visit(citizen, "/").text


def test_what_began_on_another_day_is_told_with_its_date(kiosk, citizen):
    set_notice(kiosk.store, kiosk.office, "siak", by=2, services=("kk",))
    kiosk.clock.step_to(kiosk.clock.wall + 24 * 3_600_000)

    assert "Terganggu sejak 23 November 2026, 08.00 WITA" in visit(citizen, "/").text
