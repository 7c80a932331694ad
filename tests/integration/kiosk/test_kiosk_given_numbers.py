"""Numbers that officers give, and visits that they enter from paper."""

from __future__ import annotations

import pytest

from agent.actions import noted
from agent.actions.line import calls_after
from tests.fakes import wall
from tests.integration.kiosk.steps import visit

NIK = "6402055501990001"
TODAY, YESTERDAY = "2026-11-23", "2026-11-22"


def given(counter, **said: str):
    """The page after a number was given."""
    return visit(counter.client, "/loket/nomor").touch("give", **({"service": "kk", "village": "unknown"} | said))


def papers(counter, **said: str):
    """The page after one row of paper was sent."""
    row = {"date": TODAY, "time": "07.15", "service": "kk", "village": "64.02.05.2001", "outcome": "recorded"}
    return visit(counter.client, "/loket/kertas").touch("paper-save", **(row | said))


def rows(kiosk) -> list[tuple]:
    return kiosk.store.rows("SELECT service, village, priority, state, outcome, taken_t FROM visit")


def test_a_number_is_given_and_shown_large(kiosk, counter):
    page = given(counter)

    assert page.shown("given-ticket") == "B-001"
    assert "Menunggu sebelum Anda: 0 orang" in page.text
    assert b'"by":2' in kiosk.lines()[-1]


def test_priority_is_a_flag(kiosk, counter):
    given(counter, priority="1", village="64.02.05.2001")

    assert rows(kiosk)[0][:4] == ("kk", "64.02.05.2001", 1, "waiting")


def test_a_nik_that_is_told_at_the_counter_is_sealed(kiosk, counter):
    given(counter, nik=NIK)

    assert kiosk.store.rows("SELECT count(*) FROM subject") == [(1,)]
    assert NIK not in str(kiosk.lines())


@pytest.mark.parametrize("dressed", ["NIK: {}", "{}*", "]C1{}", " {}\t"])
def test_a_nik_with_something_around_it_is_taken_as_on_the_citizens_page(kiosk, counter, dressed):
    given(counter, nik=dressed.format(NIK))

    assert kiosk.store.rows("SELECT count(*) FROM subject") == [(1,)]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"nik": "123"}, "Anda baru memasukkan 3 angka"),
        ({"nik": "9" * 20}, "Hapus yang berlebih"),
        ({"nik": "6402059999990001"}, "angka ke-7"),
        ({"service": "gone"}, "Pilih layanan lain"),
        ({"village": "🙂"}, "tidak ada dalam daftar"),
    ],
)
def test_what_cannot_be_is_told_kindly_and_no_number_is_given(kiosk, counter, said, words):
    page = given(counter, **said)

    assert page.status == 422
    assert words in page.text
    assert kiosk.visits() == 0


def test_a_form_that_is_sent_twice_gives_one_number(kiosk, counter):
    page = visit(counter.client, "/loket/nomor")
    for _ in range(2):
        page.touch("give", service="kk", village="unknown")

    assert kiosk.visits() == 1


def test_the_same_form_with_another_wish_gives_no_second_number(kiosk, counter):
    page = visit(counter.client, "/loket/nomor")
    page.touch("give", service="kk", village="unknown")

    assert "Baris sebelumnya sudah tersimpan" in page.touch("give", service="kia", village="unknown").text
    assert kiosk.visits() == 1


def test_without_a_sealing_key_no_nik_is_asked(keyless, counter):
    assert 'name="nik"' not in visit(counter.client, "/loket/nomor").answer.get_data(as_text=True)


def test_a_row_of_paper_is_a_finished_visit_with_its_time(kiosk, counter):
    page = papers(counter)

    assert "B-001 tersimpan: Kartu Keluarga (KK), pukul 07.15." in page.text
    assert rows(kiosk) == [("kk", "64.02.05.2001", 0, "finished", "recorded", wall(f"{TODAY}T07:15"))]
    assert calls_after(kiosk.store, 0) == []


def test_the_next_row_begins_with_what_was_the_same(counter):
    html = papers(counter, date=YESTERDAY).answer.get_data(as_text=True)

    for kept in (f'value="{YESTERDAY}" selected', 'value="kk" selected', 'value="recorded" selected'):
        assert kept in html
    assert 'name="time" value=""' in html


def test_what_was_entered_is_listed(counter):
    papers(counter)

    assert "Baru Anda masukkan" in papers(counter, time="7:30", service="kia").text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"time": "pagi"}, "Tulis seperti 08.15"),
        ({"time": "23.59"}, "belum lewat"),
        ({"date": "2026-11-01"}, "tujuh hari terakhir"),
        ({"date": ""}, "tujuh hari terakhir"),
        ({"outcome": ""}, "Pilih hasil"),
        ({"service": "gone"}, "Pilih layanan lain"),
        ({"village": "x" * 9000}, "tidak ada dalam daftar"),
    ],
)
def test_a_row_that_cannot_be_stays_as_it_was_typed(kiosk, counter, said, words):
    page = papers(counter, **said)

    assert page.status == 422
    assert words in page.text
    assert kiosk.visits() == 0


def test_a_row_of_paper_says_why_the_person_came_and_that_it_was_again(kiosk, counter):
    papers(counter, reason="married", repeated="1")

    assert kiosk.store.rows("SELECT reason, repeated FROM visit") == [("married", 1)]


def test_a_row_that_is_sent_twice_counts_once(kiosk, counter):
    page = visit(counter.client, "/loket/kertas")
    row = {"date": TODAY, "time": "0715", "service": "kk", "village": "unknown", "outcome": "recorded"}
    for _ in range(2):
        page.touch("paper-save", **row)

    assert len(noted.newest(kiosk.store, 2, 9)) == 1


def test_the_same_form_with_another_row_is_asked_again(kiosk, counter):
    page = visit(counter.client, "/loket/kertas")
    row = {"date": TODAY, "time": "0715", "village": "unknown", "outcome": "recorded"}
    page.touch("paper-save", service="kk", **row)

    asked = page.touch("paper-save", service="kia", **row)

    assert "Baris sebelumnya sudah tersimpan" in asked.text
    assert "C-001 tersimpan" in asked.touch("paper-save", service="kia", **row).text
