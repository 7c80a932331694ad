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
from kiosk_ui.navigation import BAR, bar
from kiosk_ui.report_words import PATHS
from kiosk_ui.screens.report import quoted
from kiosk_ui.screens.report_lists import harmless
from tests.builders import PIN
from tests.integration.kiosk.report_steps import Number, bare, csv, numbers, told
from tests.integration.kiosk.steps import sign_in, visit
from tests.report_log import play
from tests.visit_history import fill

GOLDEN = Path(__file__).parents[2] / "data"
OFTEN = {"2024-11": set(), "2024-11-05": set(), "2024": set()}


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
    return play(kiosk.store)


@pytest.mark.parametrize("period", ["2024-11", "2024-11-05", "2024"])
def test_every_number_of_the_page_is_the_length_or_sum_of_the_list_it_opens(camat, november, period):
    page = visit(camat, f"/laporan?period={period}")
    found = numbers(page)

    assert bare(page) == []
    assert {each.address.partition("?")[0].rpartition("/")[2] for each in found} >= set(PATHS.values()) - OFTEN[period]
    assert [each for each in thinned(found) if told(camat, each) != each.number] == []


def thinned(found: list[Number]) -> list[Number]:
    """All numbers of other lists, and each seventh of the many that open visits."""
    many = [each for each in found if "/kunjungan?" in each.address]
    return [each for each in found if each not in many] + many[::7]


def test_a_number_of_a_month_is_in_its_spreadsheet_too(camat, november):
    for each in numbers(visit(camat, "/laporan?period=2024-11"))[::11]:
        path, _, query = each.address.partition("?")
        rows = csv(camat, f"{path}.csv?{query}")[1:]
        assert (len(rows) if each.by == "rows" else added(rows, path)) == each.number


def test_each_line_of_work_has_a_report_of_its_own_with_its_own_lists(camat, november):
    whole, own = (visit(camat, f"/laporan?period=2024-11{line}") for line in ("", "&line=updating"))
    found = numbers(own)

    assert 0 < found[0].number < numbers(whole)[0].number
    assert [each for each in found[::5] if told(camat, each) != each.number] == []
    assert all("line=updating" in each.address for each in found)


@pytest.mark.parametrize("name", ["9999", "0001", "9999-12", "0001-01-01"])
def test_a_period_at_the_end_of_the_calendar_is_none(camat, name):
    assert camat.get(f"/laporan?period={name}").status_code == 404


def test_a_month_that_is_not_over_is_not_compared(kiosk, camat):
    fill(kiosk.store, date(2026, 10, 30), days=20, per_day=10)

    assert "dibanding periode sebelumnya" not in visit(camat, "/laporan?period=2026-11").text


def added(rows: list[list[str]], path: str) -> int:
    """The sum over a list's spreadsheet."""
    column = {"gangguan": 5, "mesin": 4, "stok": 4, "cakupan": 3, "laptop": 5}[path.rpartition("/")[2]]
    return sum(int(row[column]) for row in rows)


def test_a_month_says_how_it_compares_with_the_one_before(kiosk, camat):
    fill(kiosk.store, date(2024, 10, 30), days=4, per_day=10)

    text = visit(camat, "/laporan?period=2024-11").text

    assert re.search(r"Kunjungan [+-]\d+ % dibanding periode sebelumnya", text)


@pytest.mark.parametrize("period", ["2024-11", "2024-11-05"])
def test_a_fixed_log_gives_the_golden_report(camat, november, period):
    told, golden = whole_report(camat, period), GOLDEN / f"report_{period}.txt"
    if "REKAM_WRITE_GOLDEN" in os.environ:
        golden.write_text(told)

    assert told == golden.read_text()


def whole_report(client, period: str) -> str:
    """What a report says: its page as it is read, each of its tables and, of a day, each list as a spreadsheet."""
    page = visit(client, f"/laporan?period={period}")
    html = page.answer.get_data(as_text=True)
    names = ["groups", "parts", *re.findall(r'data-testid="section-(\w+)"', html)]
    sheets = [f"/laporan/rekap.csv?period={period}&bagian={name}" for name in names]
    if len(period) == 10:
        sheets += [f"/laporan/daftar/{path}.csv?period={period}" for path in PATHS.values()]
    body = page.text.partition("Masuk sebagai")[0].partition(" · Dibuat ")
    text = body[2].partition(" WITA ")[2]
    told = [f"== {sheet}\n{client.get(sheet).get_data().decode('utf-8-sig')}".replace("\r", "") for sheet in sheets]
    return "\n".join([text, *told])


def test_a_list_for_a_spreadsheet_has_a_row_for_each_visit_and_nothing_personal(camat, november):
    rows = csv(camat, "/laporan/daftar.csv?period=2024-11")

    assert len(rows) == november + 1
    assert rows[0][:4] == ["tanggal", "nomor", "layanan", "desa"]
    assert rows[0][4:10] == ["prioritas", "diambil", "dipanggil", "selesai", "loket", "hasil"]
    assert rows[0][10:] == ["alasan", "datang lagi", "menunggu (menit)", "dilayani (menit)"]


def test_a_list_for_a_spreadsheet_keeps_to_its_conditions(camat, november):
    rows = csv(camat, "/laporan/daftar.csv?period=2024-11&service=kk&outcome=no_show")[1:]

    assert rows
    assert {(row[2], row[9]) for row in rows} == {("kk", "Tidak hadir")}


def test_words_of_nobody_find_nothing(camat, november):
    assert "Tidak ada kunjungan yang cocok." in visit(camat, "/laporan/daftar?period=2024-11&service=%3Cscript%3E").text


@pytest.mark.parametrize("path", ["/laporan", "/laporan/daftar", "/laporan/daftar/stok.csv", "/laporan/rekap.csv"])
def test_a_period_that_is_none_is_told_kindly(camat, path):
    answer = camat.get(f"{path}?period=besok")

    assert answer.status_code == 404
    assert "Periode itu tidak dikenal" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/laporan/daftar/nama", "/laporan/daftar/nama.csv", "/laporan/rekap.csv?bagian=nama"])
def test_a_list_that_there_is_none_of_is_told_kindly(camat, path):
    answer = camat.get(path)

    assert answer.status_code == 404
    assert "Daftar atau bagian itu tidak dikenal" in answer.get_data(as_text=True)


def test_a_disturbance_is_told_with_how_long_it_lasted(kiosk, take):
    take()
    number = set_notice(kiosk.store, kiosk.office, "siak", by=2, services=("kk",)).number
    kiosk.clock.forward(38 * 60_000)
    clear_notice(kiosk.store, number, by=2)

    text = visit(as_camat(kiosk), "/laporan/daftar/gangguan").text

    assert re.search(r"Jaringan SIAK terganggu Kartu Keluarga \(KK\) .* 38$", text)


def test_a_disturbance_of_another_day_is_not_told(kiosk, november):
    set_notice(kiosk.store, kiosk.office, "siak", by=2, services=("kk",))

    assert [each.minutes for each in reports.outages(kiosk.store, kiosk.office, read("2024-11"))] == [120, 60, 38]


def test_the_margins_of_the_paper_say_office_period_and_page(camat, november):
    told = camat.get("/laporan/kertas.css?period=2024-11&lang=en")

    assert told.mimetype == "text/css"
    assert 'content: "Muara Badak District · 64.02.05 · Reports November 2024"' in told.get_data(as_text=True)
    assert '"Page " counter(page) " of " counter(pages) ""' in told.get_data(as_text=True)


@pytest.mark.parametrize("text", ['a"; } body { display: none', "</style>", "\n\\0"])
def test_no_name_of_an_office_leaves_its_string_of_the_style_sheet(text):
    assert set(quoted(text)[1:-1]) & set('"<>{};\n') == set()


def test_a_camat_reads_reports_and_nothing_else(camat):
    shown = {link.path for links in bar("camat").values() for link in links}
    told = {link.path: camat.get(link.path).status_code for link in BAR}

    assert told == {path: 200 if path in shown else 403 for path in told}
    assert shown == {"/papan", "/lini", "/pemilu", "/laporan", "/laporan/cakupan", "/laporan/camat"}


def test_a_camat_changes_nothing_anywhere(camat):
    camat.application.config["WTF_CSRF_ENABLED"] = False
    own = ("/keluar", "/masuk", "/pin")  # the session
    posted = {rule.rule for rule in camat.application.url_map.iter_rules() if "POST" in rule.methods} - {*own}
    told = {rule: camat.post(re.sub("<[^>]*>", "1", rule)).status_code for rule in posted}

    assert len(posted) > 30
    assert {rule for rule, status in told.items() if status not in (401, 403)} == {
        "/latihan/<int:place>", "/latihan/semua",  # 404: this is no training
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "written"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), (" \r\n=x", "' \r\n=x"), ("＝x", "'＝x"), ("A-001", "A-001"), (5, 5)],
)
def test_no_cell_of_a_spreadsheet_is_a_formula(cell, written):
    assert harmless(cell) == written
