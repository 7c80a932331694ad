"""What stands on a ticket."""

from __future__ import annotations

from datetime import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.ticket_text import COLUMNS, SlipFacts, TicketFacts, plain, slip_rows, ticket_rows

FACTS = TicketFacts(
    office="Muara Badak",
    regency="Kabupaten Kutai Kartanegara",
    service="Rekam KTP-el pertama kali",
    ticket="A-012",
    code="abcdefghj",
    taken=datetime(2026, 11, 23, 8, 5),  # noqa: DTZ001 — local time of the office
    zone="WITA",
    ahead=12,
    wait=(36, 72),
    bring=("Fotokopi Kartu Keluarga",),
)
SLIP = SlipFacts(
    office="Muara Badak",
    service="Rekam KTP-el pertama kali",
    ticket="A-012",
    code="abcdefghj",
    title="Jemput bola",
    village="Saliki",
    date="30 November 2026",
)


def text(columns=48, **changed):
    return "\n".join(row.text for row in ticket_rows(msgspec.structs.replace(FACTS, **changed), columns))


@pytest.mark.parametrize(
    "said",
    [
        "Kantor Kecamatan Muara Badak",
        "Kabupaten Kutai Kartanegara",
        "NOMOR ANTREAN\nA-012",
        "Layanan: Rekam KTP-el pertama kali",
        "Diambil 23 November 2026 pukul 08.05 WITA",
        "Menunggu sebelum Anda: 12 orang",
        "Perkiraan menunggu: 36-72 menit",
        "Bawa:\n- Fotokopi Kartu Keluarga",
        "paling banyak\n3 kali.",
        "Semua layanan gratis.",
        "Kode: abc def ghj",
    ],
)
def test_a_ticket_says_all_that_its_owner_needs(said):
    assert said in text()


def test_with_no_counter_open_a_ticket_says_why_it_has_no_estimate():
    said = text(wait=None, notes=("no-counter",)).replace("\n", " ")

    assert "Saat ini tidak ada loket yang buka untuk layanan ini, jadi lama menunggu belum dapat" in said
    assert "Perkiraan" not in said


def test_a_ticket_that_comes_too_late_for_today_says_so_and_what_to_do():
    said = text(wait=None, notes=("day-ends",)).replace("\n", " ")

    assert "kemungkinan tidak terlayani hari ini. Minta petugas menjadwalkan Anda di hari lain" in said
    assert "Perkiraan" not in said


def test_a_ticket_of_a_closed_office_says_so_and_asks_nobody():
    said = text(wait=None, notes=("closed",)).replace("\n", " ")

    assert "Kantor sedang tutup. Nomor ini tidak terlayani hari ini; ambil nomor baru saat kantor buka." in said
    assert "petugas" not in said


def test_an_estimate_with_equal_bounds_is_one_number():
    assert "Perkiraan menunggu: 4 menit" in text(wait=(4, 4))


def test_priority_is_said_without_a_reason():
    assert "ANTREAN PRIORITAS" in text(priority=True)
    assert "PRIORITAS" not in text()


def test_a_service_that_needs_no_papers_says_nothing_of_papers():
    assert "Bawa" not in text(bring=())


def test_the_code_to_be_scanned_is_the_short_code_and_nothing_else():
    assert [row.text for row in ticket_rows(FACTS, 32) if row.style == "qr"] == ["abcdefghj"]


def test_a_ticket_has_no_field_for_a_person():
    assert not {"name", "nik", "birth", "phone", "address"} & set(TicketFacts.__struct_fields__)


def test_a_slip_says_the_list_its_date_and_the_village():
    said = "\n".join(row.text for row in slip_rows(SLIP, 48))

    assert "JEMPUT BOLA" in said
    assert "Tanggal: 30 November 2026\nDesa/kelurahan: Saliki\nDari nomor antrean A-012" in said


def test_a_slip_without_a_date_says_that_it_will_be_announced():
    said = [row.text for row in slip_rows(msgspec.structs.replace(SLIP, date="", village=""), 48)]

    assert "Tanggal: akan diumumkan" in said
    assert not [row for row in said if row.startswith("Desa")]


words = st.text(st.characters(codec="utf-8"), max_size=80)


@given(st.sampled_from(sorted(COLUMNS.values())), words, words, words)
def test_no_row_is_wider_than_its_paper(columns, office, service, paper):
    rows = ticket_rows(msgspec.structs.replace(FACTS, office=office, service=service, bring=(paper,)), columns)

    assert max(len(row.text) for row in rows) <= columns


@given(words)
def test_every_letter_sent_to_a_printer_is_one_it_has(said):
    assert all(" " <= letter <= "~" for letter in plain(said))


def test_letters_that_paper_lacks_become_their_nearest():
    assert plain("2 × 3 cm – “é”…") == '2 x 3 cm - "e"...'
