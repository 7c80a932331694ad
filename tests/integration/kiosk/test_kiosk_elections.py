"""The page of voting days, its counts, and the file for the KPU, which hides small ones."""

from __future__ import annotations

import pytest

from agent.office import load_office
from tests.builders import PIN
from tests.integration.kiosk.steps import sign_in, visit

FROZEN = """
[[election]]
name = { id = "Pemilihan contoh", en = "Example vote" }
voting_date = 2026-12-09
age_reference_date = 2026-12-09
list_frozen_on = 2026-11-20
area = "64.02"
zone = "Asia/Makassar"
source = "contoh"
checked = 2026-11-22
"""
REVOTE = "/pemilu/2025-04-19.64.02"
HOME = "64.02.05.2001"


@pytest.fixture
def recorded(kiosk, staff, counter, take):
    """Seven people recorded for the first time, a week before the first of the votes that ship with Rekam."""
    for _ in range(7):
        take("ktp_first", village=HOME)
        visit(staff, "/loket").touch("call-next").touch("outcome-recorded")
    relabel(kiosk, "2024-11-20")
    return staff


def relabel(kiosk, day: str) -> None:
    """Give the office's only day another date."""
    with kiosk.store.write():
        kiosk.store.run("UPDATE queue_day SET date = ?", day)


def test_without_a_coming_vote_the_page_says_so(staff, counter):
    assert "Belum ada hari pemungutan suara berikutnya" in visit(staff, "/pemilu").text


def test_a_repeated_vote_shows_the_age_that_counts(recorded):
    page = visit(recorded, REVOTE)

    assert "17 tahun pada 27 November 2024" in page.text
    assert "Dihitung menurut WITA" in page.text


def test_counts_are_exact_inside_the_office(recorded):
    assert "Saliki 7 7 0 0" in visit(recorded, REVOTE).text


@pytest.mark.parametrize(("day", "told"), [("2025-04-19", "Saliki 7 0 0 7"), ("2025-04-20", "Saliki 0 0 0 0")])
def test_who_is_recorded_after_the_day_of_voting_is_not_counted(kiosk, recorded, day, told):
    relabel(kiosk, day)

    assert told in visit(recorded, REVOTE).text


def test_the_file_for_the_kpu_has_villages_no_small_counts_and_no_names(recorded):
    text = recorded.get(f"{REVOTE}/kpu.csv").get_data(as_text=True)

    assert f"{HOME};Saliki;5" in text
    assert "64.02.05.2002;Salok Palai;<5" in text
    assert ";Jumlah;5" in text


def test_a_vote_that_is_not_there_has_no_page(recorded):
    assert visit(recorded, "/pemilu/2099-01-01.64.02").status == 404


def test_the_page_reads_in_english(recorded):
    assert "They are no list of voters" in visit(recorded, f"{REVOTE}?lang=en").text


def test_a_vote_whose_list_is_closed_says_when_and_counts_who_came_later(kiosk, recorded):
    with (kiosk.home / "elections.toml").open("a") as file:
        file.write(FROZEN)
    kiosk.office = load_office(kiosk.home / "kiosk.toml")
    client = kiosk.client("staff")
    sign_in(client, "Siti", PIN)
    relabel(kiosk, "2026-11-23")
    with kiosk.store.write():
        kiosk.store.run("INSERT INTO vote_age SELECT number, '2026-12-09.17', 1 FROM visit")

    page = visit(client, "/pemilu")

    assert page.shown("vote-days") == "16"
    assert "Daftar pemilih ditutup 20 November 2026." in page.text
    assert "Saliki 7 7 7 0 0" in page.text


def test_where_nobody_knows_when_the_list_was_closed_the_page_asks_to_confirm_it(recorded):
    assert "Pastikan kepada KPU" in visit(recorded, REVOTE).shown("frozen-unknown")
