"""What is disturbed, closed or used up is said before anybody queues, on every screen."""

from __future__ import annotations

import msgspec
import pytest

from agent.actions.notices import open_notices, put, set_notice
from agent.office import Office
from tests.integration.kiosk.steps import form_to, visit

REQUEST = "0" * 32
USED_UP = "Nomor antrean untuk layanan ini sudah habis hari ini. Pilih hari lain atau layanan lain."


@pytest.fixture
def limited(kiosk):
    """Limits the numbers of a day for a service."""

    def limit(service: str, quota: int) -> None:
        services = dict(kiosk.office.services)
        services[service] = msgspec.structs.replace(services[service], quota=quota)
        offer = msgspec.structs.replace(kiosk.office.offer, services=services)
        kiosk.office = Office(kiosk.office.settings, offer, kiosk.office.regions, kiosk.office.elections)

    return limit


@pytest.fixture
def two_a_day(limited):
    """The office gives two numbers a day for birth certificates."""
    limited("birth", 2)


def told(kiosk) -> list[tuple[str, bool]]:
    return [(each.what, each.proposed) for each in open_notices(kiosk.store)]


def before(citizen, service: str):
    return visit(citizen, f"/data?service={service}&request={REQUEST}")


def test_a_tile_says_since_when_it_is_disturbed(kiosk, citizen):
    set_notice(kiosk.store, kiosk.office, "siak", by=2, services=("kk",))

    assert "Kartu Keluarga (KK) Terganggu sejak 08.00 WITA" in visit(citizen, "/").text


def test_that_many_services_are_disturbed_is_told_once_with_since_when(kiosk, citizen):
    set_notice(kiosk.store, kiosk.office, "siak", by=2)
    text = visit(citizen, "/").text

    assert text.count("sejak 08.00 WITA") == 1 + len(open_notices(kiosk.store))  # the screen at rest says each
    assert "Banyak layanan terganggu sejak 08.00 WITA" in text
    assert "Kartu Keluarga (KK) Terganggu " in text


@pytest.mark.parametrize(("what", "words"), [("blanks", "Blangko habis"), ("closed", "Tutup")])
def test_a_tile_says_what_is_out_or_closed(kiosk, citizen, what, words):
    set_notice(kiosk.store, kiosk.office, what, by=2, services=("ktp_print",))

    assert f"Cetak atau ambil KTP-el {words}" in visit(citizen, "/").text


def test_without_a_notice_no_tile_has_a_mark(citizen):
    assert 'class="mark"' not in visit(citizen, "/").answer.get_data(as_text=True)


def test_who_chose_it_reads_what_still_works_and_may_wait(kiosk, citizen):
    set_notice(kiosk.store, kiosk.office, "siak", by=2)

    text = before(citizen, "ktp_first").text

    assert "Jaringan SIAK terganggu sejak 08.00 WITA. Anda tetap boleh menunggu" in text
    assert kiosk.office.services["ask"].name.id in text.partition("Yang tetap dilayani: ")[2].partition(".")[0]


def test_without_power_nothing_is_said_of_what_power_stops(kiosk, citizen):
    for what in ("siak", "power", "closed"):
        set_notice(kiosk.store, kiosk.office, what, by=2, services=("kk",))

    text = before(citizen, "kk").text

    assert "Listrik padam sejak 08.00 WITA. Layanan tutup sejak 08.00 WITA." in text
    assert "SIAK" not in text


def test_nobody_is_told_to_wait_in_a_closed_office(kiosk, citizen):
    set_notice(kiosk.store, kiosk.office, "siak", by=2)
    kiosk.clock.step_to(kiosk.clock.wall + 12 * 3_600_000)

    text = before(citizen, "kk").text

    assert "SIAK terganggu sejak 08.00 WITA. Kantor tutup; buka lagi" in text
    assert "menunggu" not in text


def test_who_chose_another_service_reads_nothing_of_it(kiosk, citizen):
    set_notice(kiosk.store, kiosk.office, "siak", by=2, services=("kk",))

    assert "SIAK terganggu" not in before(citizen, "ask").text


def test_the_numbers_left_are_on_the_tile(kiosk, two_a_day, take, citizen):
    take("birth")

    assert "Akta kelahiran Sisa 1 nomor" in visit(citizen, "/").text


def test_used_up_numbers_are_said_on_the_tile_and_after_it(kiosk, two_a_day, take, citizen):
    take("birth")
    take("birth")

    assert "Akta kelahiran Nomor hari ini habis" in visit(citizen, "/").text
    assert USED_UP in before(citizen, "birth").text


@pytest.mark.parametrize("service", ["birth", "kia"])
def test_who_reads_that_numbers_are_used_up_is_offered_another_day_and_no_number(kiosk, limited, service):
    limited(service, 0)

    page = visit(kiosk.client("citizen"), "/").touch(f"service-{service}")

    assert "tetap boleh mengambil nomor dan menunggu" not in page.text
    assert (page.has("without-nik"), page.has("with-nik")) == (False, False)
    assert "button main" in page.answer.get_data(as_text=True).partition('data-testid="another-day"')[0][-60:]


def test_whoever_asks_for_a_number_that_was_used_up_meanwhile_is_offered_another_day(kiosk, two_a_day, take, citizen):
    page = visit(citizen, "/").touch("service-birth").touch("without-nik")
    take("birth")
    take("birth")

    refused = page.touch("village-unknown")
    listed = refused.touch("place-1").touch("village-unknown")

    assert (refused.status, USED_UP in refused.text) == (409, True)
    assert listed.shown("place-date") == "Selasa, 24 November 2026"


@pytest.mark.parametrize(("hours", "words"), [(0, "WITA"), (12, "Sudah tutup"), (-24, "Hari ini tutup")])
def test_the_welcome_says_how_the_office_stands(kiosk, citizen, hours, words):
    kiosk.clock.step_to(kiosk.clock.wall + int(hours * 3_600_000))

    assert words in visit(citizen, "/").text


@pytest.mark.parametrize("what", ["siak", "set", "blanks", "power"])
def test_an_officer_tells_of_a_disturbance_by_one_tap_and_clears_it(kiosk, counter, what):
    page = counter.touch(f"notice-{what}")
    first = told(kiosk)

    page.touch("notice-clear")

    assert (first, told(kiosk)) == ([(what, False)], [])


@pytest.mark.parametrize(("service", "count"), [("kk", 1), ("all", 11), ("nothing", 0)])
def test_one_service_or_all_are_closed(kiosk, counter, service, count):
    counter.touch("notice-closed", service=service)

    assert sum(len(each.services) for each in open_notices(kiosk.store)) == count


def test_what_the_machine_proposed_is_confirmed(kiosk, counter):
    with kiosk.store.write():
        put(kiosk.store, "siak", ("ktp_first",), by=0)

    page = visit(counter.client, "/loket")
    page.touch("notice-confirm")

    assert "diusulkan mesin" in page.text
    assert told(kiosk) == [("siak", False)]


@pytest.mark.parametrize("path", ["", "/1/pulih", "/1/benar"])
def test_no_notice_changes_without_the_pages_own_token(kiosk, counter, path):
    set_notice(kiosk.store, kiosk.office, "siak", by=2)

    answer = counter.client.post(f"/loket/kabar{path}", data={"what": "power"})

    assert (answer.status_code, told(kiosk)) == (400, [("siak", False)])


def test_a_notice_that_is_not_there_is_cleared_without_a_word(counter):
    token = form_to(counter, "/keluar").fields["csrf_token"]

    answer = counter.client.post("/loket/kabar/99/pulih", data={"csrf_token": token}, follow_redirects=True)

    assert answer.status_code == 200


def test_the_board_says_why_and_since_when(kiosk, staff):
    set_notice(kiosk.store, kiosk.office, "set", by=2, services=("ktp_first",))

    words = "Alat perekaman rusak sejak 08.00 WITA. Rekam KTP-el pertama kali."
    assert words in visit(staff, "/papan").text


def test_the_board_names_two_services_and_counts_the_rest(kiosk, staff):
    services = tuple(kiosk.office.services)
    set_notice(kiosk.store, kiosk.office, "power", by=2, services=services)
    set_notice(kiosk.store, kiosk.office, "siak", by=2, services=services[:5])

    text = visit(staff, "/papan").text

    assert "Listrik padam sejak 08.00 WITA. Semua layanan." in text
    assert "Rekam KTP-el pertama kali, Rekam KTP-el pemula (usia 16), dan 3 lainnya." in text
