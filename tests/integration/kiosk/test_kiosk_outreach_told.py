"""The page that reads a laptop's file of trips, and what the other pages then say."""

from __future__ import annotations

import io
import os

import pytest

from agent import identity
from agent.actions import told_trips
from agent.actions import trips as going
from agent.actions.officers import add_officer
from agent.jobs import sign_trips
from agent.wire import jose, pairing
from agent.wire import trips as wire
from tests.builders import PIN
from tests.integration.kiosk.steps import Page, form_to, sign_in, visit
from tests.small_office import CODE

PAGE = "/jemput-bola/laptop"
MONTH = "/laporan?period=2026-11"
FAR = "64.02.05.2008"
LAPTOP = jose.new_key()
LEDGER = f"{LAPTOP.thumbprint()}.aaaaaaaa"


def file(people: int = 12, office: str = CODE) -> bytes:
    """What a laptop of the kit signed after a trip."""
    trip = wire.Trip(LEDGER, 3, f"{office}.2008", "Balai Desa", "village", "2026-11-20", people, closed=True)
    told = wire.Trips((trip,), {trip.village: trip.date} if people else {})
    return wire.sign_file(wire.TripFile(1, office, 0, told), LAPTOP).encode()


@pytest.fixture
def supervisor(kiosk, staff) -> Page:
    add_officer(kiosk.store, "Budi", "supervisor", random_bytes=os.urandom, pin=PIN)
    sign_in(staff, "Budi", PIN)
    return visit(staff, PAGE)


def bring(page: Page, content: bytes, code: str = pairing.code(LAPTOP.thumbprint())) -> Page:
    token = form_to(page, PAGE).fields["csrf_token"]
    data = {"csrf_token": token, "code": code, "file": (io.BytesIO(content), "kantor.trips")}
    return Page(page.client, page.client.post(PAGE, data=data, follow_redirects=True))


def test_a_village_of_the_file_is_unserved_no_more(kiosk, supervisor):
    village = kiosk.office.regions.village(FAR)
    before = visit(supervisor.client, "/jemput-bola")
    after = bring(supervisor, file())

    assert int(after.shown("unserved")) == int(before.shown("unserved")) - 1
    assert f"{village.name} · Kunjungan desa Dari berkas" in after.text


def test_the_camats_page_names_the_village_no_more_and_tells_the_trip_beside_its_numbers(kiosk, supervisor):
    village = kiosk.office.regions.village(FAR)
    bring(supervisor, file())

    page = visit(supervisor.client, "/laporan/camat")

    assert f"{village.name} belum pernah" not in page.text
    assert page.shown("camat-total") == "0"
    assert "di luar jumlah di atas: 1 kali, 12 orang" in page.text
    assert f"{village.name} 1 12 Jumlah 1 12 Di luar jumlah lain" in visit(supervisor.client, MONTH).text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(file()[:-9], "rusak, terpotong"), (b"", "rusak, terpotong"), (b"\xff\xd8\xff" * 999, "rusak, terpotong"),
     (b"A" * 100_000, "rusak, terpotong"), (file(office="64.02.06"), "dari kecamatan lain")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_in_words(supervisor, content, sentence):
    page = bring(supervisor, content)

    assert page.status == 422
    assert sentence in page.shown("trip-file-fault")


def test_another_code_than_the_laptops_is_refused(supervisor):
    assert "Kode tidak cocok" in bring(supervisor, file(), "AAAA-AAAA-AAAA").text
    assert "Minta penyelia" in bring(supervisor, file(), "").text


def test_the_same_file_twice_is_told(supervisor):
    bring(supervisor, file())

    assert "sudah tercatat" in bring(supervisor, file()).text


def test_an_officer_reads_files_of_laptops_that_are_known_only(kiosk, supervisor):
    add_officer(kiosk.store, "Siti", "officer", random_bytes=os.urandom, pin=PIN)
    client = kiosk.client("staff")
    sign_in(client, "Siti", PIN)
    assert "Minta penyelia" in bring(visit(client, PAGE), file()).text
    bring(supervisor, file(12))

    assert "1 jemput bola baru" in bring(visit(client, PAGE), file(13)).text


def test_a_form_without_a_file_is_told(supervisor):
    token = form_to(supervisor, PAGE).fields["csrf_token"]
    answer = Page(supervisor.client, supervisor.client.post(PAGE, data={"csrf_token": token}))

    assert (answer.status, "Pilih berkasnya" in answer.text) == (422, True)


def test_this_machines_own_file_is_there_once_the_agent_signed_it(kiosk, supervisor):
    going.open_trip(kiosk.store, kiosk.office, FAR, "SMAN 1", "school", by=1)
    going.close_trip(kiosk.store, by=1, stated=3)
    waiting = visit(supervisor.client, PAGE)
    assert "sedang ditandatangani" in waiting.text
    assert kiosk.store.rows("SELECT kind FROM request") == [("sign-trips",)]
    sign_trips.run(kiosk.store, kiosk.office, identity.load_key(kiosk.home))

    answer = supervisor.client.get(f"{PAGE}/berkas")
    assert visit(supervisor.client, PAGE).has("trip-download")
    assert b".trips" in answer.headers["Content-Disposition"].encode()
    assert answer.data.decode() == (kiosk.home / told_trips.FILE).read_text()


def test_a_trip_closed_with_a_stated_number_says_it_and_serves_its_village(kiosk, supervisor):
    going.open_trip(kiosk.store, kiosk.office, FAR, "SMAN 1", "school", by=1)
    page = visit(supervisor.client, "/jemput-bola")
    assert "Tulis jumlah orang" in page.touch("trip-close", stated="banyak").text
    closed = visit(supervisor.client, "/jemput-bola").touch("trip-close", stated="17")

    assert "Dilayani tanpa nomor: 17 orang" in closed.text
    assert going.current(kiosk.store) is None
