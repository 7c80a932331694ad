"""The lists: dates, slips, paper for the road, who has come, hand-over; and who may do what."""

from __future__ import annotations

import pytest

from agent.actions import handing, lists
from agent.vault import forget
from tests.integration.kiosk.steps import form_to, visit

NIK = "6402055501990001"


@pytest.fixture
def places(kiosk, take):
    """Two people on the village's list; one left a NIK."""
    names = [take(nik=NIK, village="64.02.05.2001")["visit"], take("kia", village="64.02.05.2003")["visit"]]
    return [lists.put_on_list(kiosk.store, kiosk.office, name, "outreach") for name in names]


def dates(kiosk) -> list[str]:
    return [each.date for each in handing.open_places(kiosk.store, "outreach")]


def test_a_place_is_shown_with_its_code_and_village(places, counter):
    text = visit(counter.client, "/loket/daftar").text

    assert places[0].code in text
    assert "Saliki" in text
    assert "Tanggal belum ditentukan 2" in text


def test_the_two_lists_are_apart(places, counter):
    assert places[0].code not in visit(counter.client, "/loket/daftar?list=day").text


def test_a_supervisor_fixes_the_date_of_those_that_are_ticked(kiosk, places, second):
    page = visit(second.client, "/loket/daftar")

    done = page.touch("set-date", entry=[str(each.number) for each in places], date="2026-11-30")

    assert "2 nomor mendapat tanggal Senin, 30 November 2026." in done.text
    assert dates(kiosk) == ["2026-11-30", "2026-11-30"]


@pytest.mark.parametrize(
    ("entry", "day", "words"),
    [("9", "2026-11-30", "Daftar sudah berubah"), ("1", "2020-01-01", "hari kerja"), ("x", "2026-11-30", "Centang")],
)
def test_a_date_that_makes_no_sense_changes_nothing(kiosk, places, second, entry, day, words):
    page = visit(second.client, "/loket/daftar").touch("set-date", entry=entry, date=day)

    assert words in page.text
    assert dates(kiosk) == ["", ""]


@pytest.mark.parametrize("path", ["tanggal", "serahkan", "cetak"])
def test_an_officer_fixes_no_date_and_hands_nothing_over(kiosk, places, counter, path):
    token = counter.reader.forms[0].fields["csrf_token"]
    said = {"csrf_token": token, "entry": "1", "date": "2026-11-30"}

    assert counter.client.post(f"/loket/daftar/{path}", data=said).status_code == 403
    assert dates(kiosk) == ["", ""]


def test_only_a_supervisors_sheet_has_the_nik(places, counter, second):
    assert NIK in visit(second.client, "/loket/daftar").touch("paper-names").text
    assert NIK not in visit(counter.client, "/loket/daftar/cetak?list=outreach").text


def test_that_a_nik_was_printed_is_a_line_without_it(kiosk, places, second):
    visit(second.client, "/loket/daftar").touch("paper-names")

    assert b'"k":"list.printed","d":{"list":"outreach","count":1,"by":3}' in kiosk.lines()[-1]
    assert NIK not in str(kiosk.lines())


def test_a_nik_that_memory_lost_is_to_be_asked(kiosk, places, second):
    forget(kiosk.store, places[0].visit)

    page = visit(second.client, "/loket/daftar").touch("paper-names")

    assert NIK not in page.text
    assert "tanyakan" in page.text
    assert b"list.printed" not in kiosk.lines()[-1]


def test_who_comes_gets_a_number_said_on_the_page(kiosk, places, counter):
    page = visit(counter.client, "/loket/daftar").touch("arrived")

    assert "Nomor hari ini: A-002." in page.text
    assert len(handing.open_places(kiosk.store, "outreach")) == 1


def test_a_supervisor_hands_a_date_over(kiosk, places, second):
    page = visit(second.client, "/loket/daftar").touch("hand-over")

    assert "2 nomor diserahkan." in page.text
    assert handing.open_places(kiosk.store, "outreach") == []


def test_a_page_that_is_older_than_the_list_says_so(kiosk, places, counter):
    page = visit(counter.client, "/loket/daftar")
    handing.hand_over(kiosk.store, "outreach", "", by=1)

    assert "Daftar sudah berubah." in page.send(form_to(page, "/datang"), form_to(page, "/datang").fields).text
