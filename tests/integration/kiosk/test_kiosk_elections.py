"""The page of voting days, its counts, and the rounded file for the KPU."""

from __future__ import annotations

import pytest

from tests.integration.kiosk.steps import visit

REVOTE = "/pemilu/2025-04-19.64.02"
HOME = "64.02.05.2001"


@pytest.fixture
def recorded(kiosk, staff, counter, take):
    """Seven people recorded for the first time, after the votes that ship with Rekam."""
    for _ in range(7):
        take("ktp_first", village=HOME)
        visit(staff, "/loket").touch("call-next").touch("outcome-recorded")
    return staff


def test_without_a_coming_vote_the_page_says_so(staff, counter):
    assert "Belum ada hari pemungutan suara berikutnya" in visit(staff, "/pemilu").text


def test_a_repeated_vote_shows_the_age_that_counts(recorded):
    page = visit(recorded, REVOTE)

    assert "17 tahun pada 27 November 2024" in page.text
    assert "Dihitung menurut WITA" in page.text


def test_counts_are_exact_inside_the_office(recorded):
    assert "Saliki 7 0 0 7" in visit(recorded, REVOTE).text


def test_the_file_for_the_kpu_has_villages_rounded_counts_and_no_names(kiosk, recorded):
    kiosk.store.database.close()
    with kiosk.store.write():
        kiosk.store.run("UPDATE queue_day SET date = '2024-11-20'")
    text = recorded.get(f"{REVOTE}/kpu.csv").get_data(as_text=True)

    assert f"{HOME};Saliki;5" in text
    assert ";Jumlah;5" in text


def test_a_vote_that_is_not_there_has_no_page(recorded):
    assert visit(recorded, "/pemilu/2099-01-01.64.02").status == 404


def test_the_page_reads_in_english(recorded):
    assert "They are no list of voters" in visit(recorded, f"{REVOTE}?lang=en").text
