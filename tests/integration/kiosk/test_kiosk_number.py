"""The page of a number: what became of its paper, a picture of its code, the wait, and that it is free."""

from __future__ import annotations

import re
from datetime import time

import pytest
from msgspec.structs import replace

from agent.actions import lists, trips
from agent.actions.counters import close_counter, open_counter
from agent.actions.paper import LATE_MS
from agent.settings import HoursSettings
from agent.settings_values import TimeWindow
from kiosk_ui.screens.citizen_number import qr
from tests.fakes import wall
from tests.integration.kiosk.steps import visit

OPENS = {
    "2026-11-22T09:00": "Senin, 23 November 2026, 08.00 WITA",
    "2026-11-23T16:00": "Selasa, 24 November 2026, 08.00 WITA",
}
LUNCH = TimeWindow(time(12), time(13))


def shown(kiosk, take, state: str):
    """The page of a number whose paper stands so."""
    given = take("kk")
    with kiosk.store.write():
        kiosk.store.run("UPDATE visit SET print = ?", state)
    return visit(kiosk.client("citizen"), f"/nomor/{given['code']}")


def listed(page) -> list[str]:
    """The papers that a page names."""
    papers = re.search(r'<ul class="papers">(.*?)</ul>', page.answer.get_data(as_text=True), re.DOTALL)
    return re.findall(r"<li[^>]*>(.*?)</li>", re.sub(r"</?span[^>]*>", "", papers[1] if papers else ""))


@pytest.mark.parametrize(
    ("state", "words"),
    [("pending", "Sedang mencetak"), ("printed", "Ambil kertas"), ("failed", "Nomor tidak tercetak. Catat atau foto"),
     ("none", "Catat atau foto nomor ini.")],
)  # fmt: skip
def test_what_became_of_the_paper_is_told(kiosk, take, state, words):
    assert words in shown(kiosk, take, state).text


@pytest.mark.parametrize(("state", "idle"), [("failed", "0"), ("printed", "90"), ("pending", "90")])
def test_only_a_number_without_its_paper_stays_until_done(kiosk, take, state, idle):
    assert f'data-idle="{idle}"' in shown(kiosk, take, state).answer.get_data(as_text=True)


@pytest.mark.parametrize(("state", "asks"), [("pending", True), ("printed", False), ("failed", False)])
def test_the_page_asks_again_only_while_it_is_printed(kiosk, take, state, asks):
    html = shown(kiosk, take, state).answer.get_data(as_text=True)

    assert ("data-pending" in html, "http-equiv" in html) == (asks, asks)


def test_a_paper_that_nobody_prints_is_told_as_failed_and_the_number_stays(kiosk, take):
    page = shown(kiosk, take, "pending")
    kiosk.clock.forward(LATE_MS + 1)

    late = visit(page.client, page.path)

    assert "Nomor tidak tercetak. Catat atau foto nomor ini." in late.text
    assert late.has('data-idle="0"')
    assert late.has("data-pending")  # it may come yet


def test_a_slip_that_nobody_prints_is_told_as_failed_too(kiosk, take):
    given = take("kk")
    lists.put_on_list(kiosk.store, kiosk.office, given["visit"], "outreach")
    with kiosk.store.write():
        kiosk.store.run("UPDATE listing SET print = 'pending'")
    kiosk.clock.forward(LATE_MS + 1)

    page = visit(kiosk.client("citizen"), f"/nomor/{given['code']}")

    assert ("tidak tercetak" in page.text, page.has('data-idle="0"')) == (True, True)


def test_it_is_free_and_its_papers_are_named(kiosk, take):
    text = shown(kiosk, take, "none").text

    assert "Gratis." in text
    assert "Bawa" in text


@pytest.mark.parametrize("service", ["kk", "change", "birth"])
def test_what_to_bring_is_the_same_before_the_number_and_with_it(kiosk, take, citizen, service):
    of = kiosk.office.services[service]
    wanted = [kiosk.office.offer.papers[paper].id for paper in of.papers]
    wanted += [f"Formulir {', '.join(of.forms)} (ada di loket)"] if of.forms else []

    before, number = visit(citizen, "/").touch(f"service-{service}"), visit(citizen, f"/nomor/{take(service)['code']}")

    assert listed(before) == listed(number) == wanted


def test_the_picture_is_drawn_without_a_style_of_its_own(kiosk, take):
    html = shown(kiosk, take, "none").answer.get_data(as_text=True)

    assert re.search(r'<svg [^>]*class="qr"', html)
    assert "style=" not in html


def test_two_codes_are_two_pictures():
    assert qr("abcdefghj") != qr("abcdefghk")


def test_without_an_open_counter_the_reason_is_told(kiosk, take):
    open_counter(kiosk.store, kiosk.office, 1, ["ktp_first"])
    text = shown(kiosk, take, "none").text

    assert "Saat ini tidak ada loket yang buka untuk layanan ini" in text
    assert "Perkiraan menunggu" not in text


def test_how_good_the_estimates_of_the_day_were_is_told_once_ten_came_to_an_end(kiosk, take, staff, bearer):
    open_counter(kiosk.store, kiosk.office, 1)
    for ended in range(10):
        given = take("kk")
        kiosk.clock.forward(60_000)
        assert "perkiraan tepat" not in visit(kiosk.client("citizen"), f"/nomor/{given['code']}").text, ended
        staff.post("/api/v1/calls", json={"counter": 1}, headers=bearer)

    take("kk")
    text = visit(kiosk.client("citizen"), f"/nomor/{take('kk')['code']}").text

    assert re.search(r"Hari ini \d+ dari 10 perkiraan tepat\.", text)


def test_the_bounds_of_the_wait_are_told(kiosk, take):
    take("kk")
    open_counter(kiosk.store, kiosk.office, 1)

    text = shown(kiosk, take, "none").text

    assert "Menunggu sebelum Anda: 1 orang" in text
    assert re.search(r"Perkiraan menunggu: \d+–\d+ menit", text)


@pytest.mark.parametrize("now", ["2026-11-22T09:00", "2026-11-23T16:00"])
def test_when_the_office_is_closed_its_next_opening_is_said_and_no_officer_is_asked_for(kiosk, take, now):
    kiosk.clock.step_to(wall(now))
    text = shown(kiosk, take, "none").text

    assert "Kantor tutup; buka lagi " + OPENS[now] + ". Nomor ini tidak terlayani hari ini." in text
    unsaid = ("Perkiraan menunggu", "Silakan duduk", "Anda berikutnya", "emungkinan", "etugas menj")
    assert [words for words in unsaid if words in text] == []
    assert (take("kk")["wait_minutes"], take("kk")["wait_reason"]) == (None, "closed")


def test_a_number_too_late_before_closing_may_not_be_served_and_an_officer_gives_another_day(kiosk, take):
    kiosk.clock.step_to(wall("2026-11-23T14:59"))
    open_counter(kiosk.store, kiosk.office, 1)
    take("kk")

    assert "kemungkinan tidak terlayani hari ini. Minta petugas menjadwalkan" in shown(kiosk, take, "none").text


def test_a_number_that_is_taken_before_lunch_waits_over_it(kiosk, take):
    kiosk.office.settings = replace(kiosk.office.settings, hours=HoursSettings(breaks=(LUNCH,)))
    kiosk.clock.step_to(wall("2026-11-23T11:55"))
    open_counter(kiosk.store, kiosk.office, 1)
    given = [take("kk") for _ in range(4)][-1]
    low, high = given["wait_minutes"]

    assert low >= 65
    assert f"Perkiraan menunggu: {low}–{high} menit" in visit(kiosk.client("citizen"), f"/nomor/{given['code']}").text


def test_near_closing_the_page_says_that_the_office_may_close_first(kiosk, take):
    take("kk")
    open_counter(kiosk.store, kiosk.office, 1)
    kiosk.clock.step_to(wall("2026-11-23T14:45"))

    assert "Kantor mungkin tutup sebelum giliran Anda." in shown(kiosk, take, "none").text


def test_an_office_that_knows_no_next_opening_promises_none(kiosk, take):
    kiosk.office.settings = replace(kiosk.office.settings, hours=HoursSettings(days=()))

    assert "Kantor tutup. Nomor ini tidak terlayani hari ini." in shown(kiosk, take, "none").text


def test_on_a_trip_the_office_hours_do_not_count(kiosk, take):
    kiosk.clock.step_to(wall("2026-11-22T09:00"))
    trips.open_trip(kiosk.store, kiosk.office, "64.02.05.2001", "Balai desa", "village", by=2)
    open_counter(kiosk.store, kiosk.office, 1)

    assert take("kk")["wait_minutes"] is not None


def test_before_the_office_opens_the_page_says_that_the_wait_includes_it(kiosk, take):
    kiosk.clock.step_to(wall("2026-11-23T07:30"))
    open_counter(kiosk.store, kiosk.office, 1)
    text = shown(kiosk, take, "none").text

    assert "Kantor belum buka; waktu sampai kantor buka sudah dihitung." in text
    assert "Perkiraan menunggu: 30–" in text


def test_the_board_says_that_no_counter_is_open_until_one_opens(kiosk):
    said = "Saat ini tidak ada loket yang buka."

    assert said in visit(kiosk.client("staff"), "/papan").text
    open_counter(kiosk.store, kiosk.office, 1)
    assert said not in visit(kiosk.client("staff"), "/papan").text
    close_counter(kiosk.store, 1)
    assert said in visit(kiosk.client("staff"), "/papan").text


def test_somebody_who_comes_too_late_hears_it_before_the_number_with_another_day(kiosk, take, citizen):
    take("kk")
    open_counter(kiosk.store, kiosk.office, 1)
    assert "tidak terlayani hari ini" not in visit(citizen, "/").touch("service-kk").text
    kiosk.clock.step_to(wall("2026-11-23T14:59"))
    page = visit(citizen, "/").touch("service-kk")

    assert "Kemungkinan Anda tidak terlayani hari ini" in page.text
    assert page.touch("another-day").has("place-1")


@pytest.mark.parametrize("now", OPENS)
def test_who_comes_while_the_office_is_closed_reads_when_it_opens_and_no_maybe(kiosk, citizen, now):
    kiosk.clock.step_to(wall(now))
    page = visit(citizen, "/").touch("service-kk")

    assert f"Kantor tutup; buka lagi {OPENS[now]}. Minta dijadwalkan" in page.text
    assert "emungkinan" not in page.text
    assert page.touch("another-day").has("place-1")
