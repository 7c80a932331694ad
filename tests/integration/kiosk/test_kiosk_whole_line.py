"""The officer moves a whole line, is asked once whether that is meant, and is told what came of it."""

from __future__ import annotations

import pytest

from agent.actions import handing
from tests.integration.kiosk.steps import form_to, visit

TUESDAY = "2026-11-24"


@pytest.fixture
def waiting(take):
    for _ in range(3):
        take()


def states(kiosk) -> set[tuple[str, str]]:
    return set(kiosk.store.rows("SELECT state, service FROM visit"))


def planned(counter, **said: str):
    """The page after the form was filled in for everybody who waits for a first recording."""
    page = visit(counter.client, "/loket/antrean/ktp_first")
    plain = {"to": "", "day": "", "visit_day": "", "reason": "siak", "way": "hold"}
    return page.send(page.reader.forms[-1], plain | said)


def test_every_line_is_shown_with_its_count(waiting, counter):
    page = visit(counter.client, "/loket/antrean")

    assert page.shown("waiting-ktp_first") == "3"


def test_all_are_held_after_one_question(kiosk, waiting, counter):
    sure = planned(counter)
    assert "Tahan 3 nomor Rekam KTP-el pertama kali?" in sure.text
    assert states(kiosk) == {("waiting", "ktp_first")}

    assert "3 nomor ditahan." in sure.touch("line-sure").text
    assert states(kiosk) == {("held", "ktp_first")}


def test_all_are_released_by_one_touch(kiosk, waiting, counter):
    planned(counter).touch("line-sure").touch("release-ktp_first")

    assert states(kiosk) == {("waiting", "ktp_first")}


def test_all_move_to_another_service_and_back(kiosk, waiting, counter):
    moved = planned(counter, way="service", to="kk").touch("line-sure")
    assert "3 nomor dipindahkan ke Kartu Keluarga (KK)." in moved.text
    assert states(kiosk) == {("waiting", "kk")}

    moved.touch("return-kk")
    assert states(kiosk) == {("waiting", "ktp_first")}


def test_all_get_an_appointment_on_another_day(kiosk, waiting, counter):
    page = planned(counter, way="day", day=TUESDAY).touch("line-sure")

    assert "3 nomor mendapat janji datang Selasa, 24 November 2026." in page.text
    assert {each.date for each in handing.open_places(kiosk.store, "day")} == {TUESDAY}
    assert kiosk.nudges


def test_all_are_put_on_the_villages_list_without_a_date(kiosk, waiting, counter):
    planned(counter, way="outreach").touch("line-sure")

    assert [each.date for each in handing.open_places(kiosk.store, "outreach")] == ["", "", ""]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"way": ""}, "Pilih dahulu ke mana"),
        ({"way": "away"}, "Pilih dahulu ke mana"),
        ({"reason": ""}, "Pilih alasannya"),
        ({"reason": "Siti sakit"}, "Pilih alasannya"),
        ({"way": "service"}, "Pilih layanan lain"),
        ({"way": "service", "to": "ktp_first"}, "Pilih layanan lain"),
        ({"way": "day"}, "hari kerja dalam setahun ke depan"),
        ({"way": "day", "day": "2026-11-22"}, "hari kerja dalam setahun ke depan"),
        ({"way": "day", "day": "besok 🙂"}, "hari kerja dalam setahun ke depan"),
        ({"way": "outreach", "visit_day": "2020-01-01"}, "hari kerja dalam setahun ke depan"),
        ({"way": "day", "day": "9999-12-31"}, "hari kerja dalam setahun ke depan"),
    ],
)
def test_what_is_missing_is_asked_kindly_and_nobody_is_moved(kiosk, waiting, counter, said, words):
    page = planned(counter, **said)

    assert page.status == 422
    assert words in page.text
    assert states(kiosk) == {("waiting", "ktp_first")}


def test_back_from_the_question_keeps_what_was_chosen(waiting, counter):
    sure = planned(counter, way="service", to="kk")
    back = next(link["href"] for link in sure.reader.links if "again=1" in link["href"])

    assert 'value="kk" selected' in visit(counter.client, back).answer.get_data(as_text=True)


def test_a_question_that_is_answered_twice_moves_them_once(kiosk, waiting, counter):
    sure = planned(counter)
    sure.touch("line-sure")

    assert "tidak ada yang menunggu di situ" in sure.touch("line-sure").text


def test_a_stale_form_for_a_service_that_is_gone_moves_nobody(kiosk, waiting, counter):
    sure = planned(counter, way="service", to="kk")
    form = form_to(sure, "/ktp_first")

    page = sure.send(form, {**form.fields, "to": "gone"})

    assert "Pilih layanan lain" in page.text
    assert states(kiosk) == {("waiting", "ktp_first")}


def test_a_line_that_does_not_exist_is_no_page(counter):
    assert visit(counter.client, "/loket/antrean/nothing").status == 404
