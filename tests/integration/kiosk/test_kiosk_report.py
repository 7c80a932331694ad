"""Reports of a day, a month, a year: what they count, what a count opens, what a spreadsheet gets."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest

from agent.actions import reports
from agent.actions.notices import clear_notice, set_notice
from agent.actions.officers import add_officer
from agent.domain.period import read
from kiosk_ui.screens.report_lists import harmless
from tests.builders import PIN
from tests.integration.kiosk.steps import sign_in, visit
from tests.visit_history import fill

GOLDEN = Path(__file__).parents[2] / "data/report_2024-11.csv"


def as_camat(kiosk):
    add_officer(kiosk.store, "Pak Camat", "camat", random_bytes=os.urandom, pin=PIN)
    client = kiosk.client("staff")
    sign_in(client, "Pak Camat", PIN)
    return client


@pytest.fixture
def camat(kiosk):
    return as_camat(kiosk)


@pytest.fixture
def november(kiosk) -> int:
    return fill(kiosk.store, date(2024, 11, 1), days=12, per_day=20)


def links(page) -> list[tuple[str, str]]:
    """Every count of a page with the list it opens."""
    html = page.answer.get_data(as_text=True)
    return re.findall(r'<a href="(/laporan/daftar\?[^"]+)"[^>]*>([\d.]+)</a>', html)


def csv(client, path: str) -> list[list[str]]:
    text = client.get(path).get_data().decode("utf-8-sig")
    return [line.split(";") for line in text.splitlines()]


@pytest.mark.parametrize("period", ["2024-11", "2024-11-05", "2024"])
def test_every_count_opens_a_list_of_so_many(camat, november, period):
    counts = links(visit(camat, f"/laporan?period={period}"))

    assert len(counts) > 30
    for address, count in counts[::7]:
        assert f"{count} kunjungan" in visit(camat, address.replace("&amp;", "&")).text


def test_a_month_says_how_it_compares_with_the_one_before(kiosk, camat):
    fill(kiosk.store, date(2024, 10, 30), days=4, per_day=10)

    text = visit(camat, "/laporan?period=2024-11").text

    assert re.search(r"Kunjungan [+-]\d+ % dibanding periode sebelumnya", text)


def test_a_fixed_log_gives_the_golden_summary(camat, november):
    assert camat.get("/laporan/rekap.csv?period=2024-11").get_data() == GOLDEN.read_bytes()


def test_a_list_for_a_spreadsheet_has_a_row_for_each_visit_and_nothing_personal(camat, november):
    rows = csv(camat, "/laporan/daftar.csv?period=2024-11")

    assert len(rows) == november + 1
    assert rows[0][:4] == ["tanggal", "nomor", "layanan", "desa"]
    assert rows[0][4:] == ["prioritas", "diambil", "dipanggil", "selesai", "loket", "hasil"]


def test_a_list_for_a_spreadsheet_keeps_to_its_conditions(camat, november):
    rows = csv(camat, "/laporan/daftar.csv?period=2024-11&service=kk&outcome=no_show")[1:]

    assert rows
    assert {(row[2], row[9]) for row in rows} == {("kk", "Tidak hadir")}


def test_words_of_nobody_find_nothing(camat, november):
    assert "Tidak ada kunjungan yang cocok." in visit(camat, "/laporan/daftar?period=2024-11&service=%3Cscript%3E").text


@pytest.mark.parametrize("path", ["/laporan", "/laporan/daftar", "/laporan/daftar.csv", "/laporan/rekap.csv"])
def test_a_period_that_is_none_is_told_kindly(camat, path):
    answer = camat.get(f"{path}?period=besok")

    assert answer.status_code == 404
    assert "Periode itu tidak dikenal" in answer.get_data(as_text=True)


def test_a_disturbance_is_told_with_how_long_it_lasted(kiosk, take):
    take()
    number = set_notice(kiosk.store, kiosk.office, "siak", by=2, services=("kk",)).number
    kiosk.clock.forward(38 * 60_000)
    clear_notice(kiosk.store, number, by=2)

    text = visit(as_camat(kiosk), "/laporan").text

    assert re.search(r"Jaringan SIAK terganggu Kartu Keluarga \(KK\) .* 38 menit", text)


def test_a_disturbance_of_another_day_is_not_told(kiosk, camat, november, take):
    set_notice(kiosk.store, kiosk.office, "siak", by=2, services=("kk",))

    assert reports.outages(kiosk.store, read("2024-11")) == []


def test_a_camat_reads_reports_and_nothing_else(camat):
    assert camat.get("/laporan").status_code == 200
    assert {camat.get(path).status_code for path in ("/loket", "/teknisi")} == {403}
    assert "Tutup hari ini" not in visit(camat, "/laporan").text


@pytest.mark.parametrize(("cell", "written"), [("=1+1", "'=1+1"), ("@x", "'@x"), ("A-001", "A-001"), (5, 5)])
def test_no_cell_of_a_spreadsheet_is_a_formula(cell, written):
    assert harmless(cell) == written
