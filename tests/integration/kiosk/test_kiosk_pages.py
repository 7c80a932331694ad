"""Board, report and the technician's page."""

from __future__ import annotations

import os

import msgspec
import pytest

from agent.actions.notices import set_notice
from agent.actions.officers import add_officer
from agent.store import ledger
from agent.wire import settings
from agent.wire.jose import new_key
from agent.wire.pairing import code
from tests.builders import PIN
from tests.integration.kiosk.steps import sign_in, visit


@pytest.fixture
def call(staff, bearer):
    return lambda counter: staff.post("/api/v1/calls", json={"counter": counter}, headers=bearer).get_json()


def test_the_board_needs_no_sign_in(take, staff, call):
    take()
    call(3)

    page = visit(staff, "/papan")

    assert page.shown("board-ticket") == "A-001"
    assert "Loket 3" in page.text
    assert "Senin, 23 November 2026 08.00 WITA" in page.text


def test_the_board_shows_nothing_personal(take, staff, call):
    take(nik="6402055501990001", village="64.02.05.2001")
    call(1)

    page = visit(staff, "/papan").text

    assert "6402055501990001" not in page
    assert "Saliki" not in page


def test_what_is_disturbed_is_on_the_board(kiosk, staff, bearer):
    set_notice(kiosk.store, kiosk.office, "siak", by=2, services=("ktp_first",))

    api = staff.get("/api/v1/board", headers=bearer).get_json()

    assert "Rekam KTP-el pertama kali." in visit(staff, "/papan").text
    assert api["disturbed"] == [{"service": "ktp_first", "since": "2026-11-23T00:00:00Z"}]


def test_a_wall_clock_that_jumps_back_does_not_turn_the_board_around(kiosk, take, staff, call):
    take()
    take()
    call(1)
    kiosk.clock.step_to(kiosk.clock.wall - 3_600_000)
    call(2)

    assert visit(staff, "/papan").shown("board-ticket") == "A-002"


def test_before_the_first_call_the_board_says_so(staff):
    assert "Belum ada panggilan hari ini." in visit(staff, "/papan").text


def test_the_report_counts_by_service_and_outcome(kiosk, take, supervisor, call, bearer):
    for service in ("ktp_first", "ktp_first", "kk"):
        take(service)
    visit_name = call(1)["visit"]
    supervisor.post(f"/api/v1/visits/{visit_name}/finish", json={"outcome": "recorded"}, headers=bearer)

    page = visit(supervisor, "/laporan")

    assert page.shown("report-total") == "3"
    assert "Rekam KTP-el pertama kali 2 1 1" in page.text
    assert "Sudah direkam 1" in page.text


def test_before_the_first_number_the_report_says_so(supervisor):
    assert "Belum ada nomor yang diambil." in visit(supervisor, "/laporan").text


def test_a_supervisor_closes_the_day(kiosk, take, supervisor):
    take()

    page = visit(supervisor, "/laporan").touch("close-day")

    assert "Hari ini sudah ditutup." in page.text
    assert kiosk.store.rows("SELECT outcome FROM visit") == [("no_show",)]


def test_an_officer_does_not_close_the_day(kiosk, take, staff):
    add_officer(kiosk.store, "Siti", "officer", random_bytes=os.urandom, pin=PIN)
    page = sign_in(staff, "Siti", PIN)
    take()

    answer = staff.post("/laporan/tutup", data={"csrf_token": page.reader.forms[0].fields["csrf_token"]})

    assert answer.status_code == 403
    assert not visit(staff, "/laporan").has("close-day")


def test_the_technician_reads_the_pairing_code_to_central(kiosk, supervisor):
    thumbprint = kiosk.store.rows("SELECT name FROM ledger")[0][0].rpartition(".")[0]

    page = visit(supervisor, "/teknisi")

    assert page.shown("pairing-code") == code(thumbprint)
    assert page.shown("pairing-state") == "Belum terpasang"


@pytest.mark.parametrize(
    ("word", "shown"),
    [("pending", "Menunggu persetujuan pusat"), ("paired", "Terpasang"), ("revoked", "Dicabut oleh pusat"),
     ("new-word", "new-word")],
)  # fmt: skip
def test_each_state_of_the_pairing_has_words(kiosk, supervisor, word, shown):
    with kiosk.store.write():
        ledger.set_fact(kiosk.store, "pairing", word)

    assert visit(supervisor, "/teknisi").shown("pairing-state") == shown


def test_the_backlog_is_what_central_does_not_hold(kiosk, take, supervisor):
    take()
    unsent = len(kiosk.lines())

    assert visit(supervisor, "/teknisi").shown("unsent-enrollments") == str(unsent)


def test_the_links_last_state_is_shown_since_when(kiosk, supervisor):
    with kiosk.store.write():
        kiosk.store.run("INSERT INTO link_change (t, state, evidence) VALUES (?, ?, '')", kiosk.clock.wall, "no-dns")

    page = visit(supervisor, "/teknisi").text

    assert "Nama server tidak ditemukan (DNS) sejak 23 November 2026, 08.00 WITA" in page


def test_the_last_readings_are_in_units_of_people(kiosk, supervisor):
    readings = {"cpu_percent": 12.34, "disk_free": 5 * 1024**3, "uptime_s": 7200.0, "brand_new": 3}
    with kiosk.store.write():
        text = msgspec.json.encode(readings).decode()
        kiosk.store.run("INSERT INTO reading (t, round) VALUES (?, ?)", kiosk.clock.wall, text)

    page = visit(supervisor, "/teknisi").text

    assert "Prosesor terpakai 12,3 %" in page
    assert "Penyimpanan kosong 5,0 GB" in page
    assert "Menyala selama 2 jam" in page
    assert "brand_new 3" in page


def test_an_agent_that_never_ran_is_told_with_what_to_do(supervisor):
    assert "Periksa layanan rekam-agent." in visit(supervisor, "/teknisi").text


def test_central_s_words_for_people_are_on_the_first_page(kiosk, citizen):
    told = settings.sign((1, 1), {"notices": [{"text": "Libur bersama Jumat", "en": "Closed on Friday"}]}, new_key())
    (kiosk.home / "data/settings.jws").write_text(told)

    assert "Libur bersama Jumat" in visit(citizen, "/").text
    assert "Closed on Friday" in visit(citizen, "/?lang=en").text
