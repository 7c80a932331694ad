"""The page of a number: what became of its paper, a picture of its code, the wait, and that it is free."""

from __future__ import annotations

import re

import pytest

from agent.actions.counters import close_counter, open_counter
from kiosk_ui.screens.citizen_number import qr
from tests.integration.kiosk.steps import visit


def shown(kiosk, take, state: str):
    """The page of a number whose paper stands so."""
    given = take("kk")
    with kiosk.store.write():
        kiosk.store.run("UPDATE visit SET print = ?", state)
    return visit(kiosk.client("citizen"), f"/nomor/{given['code']}")


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


def test_it_is_free_and_its_papers_are_named(kiosk, take):
    text = shown(kiosk, take, "none").text

    assert "Gratis." in text
    assert "Bawa" in text


def test_the_picture_is_drawn_without_a_style_of_its_own(kiosk, take):
    html = shown(kiosk, take, "none").answer.get_data(as_text=True)

    assert re.search(r'<svg [^>]*class="qr"', html)
    assert "style=" not in html


def test_two_codes_are_two_pictures():
    assert qr("abcdefghj") != qr("abcdefghk")


def test_without_an_open_counter_the_reason_is_told(kiosk, take):
    open_counter(kiosk.store, kiosk.office, 1)
    close_counter(kiosk.store, 1)

    assert "Belum ada loket yang buka" in shown(kiosk, take, "none").text


def test_how_good_the_estimates_of_the_day_were_is_told_once_ten_came_to_an_end(kiosk, take, staff, bearer):
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

    text = shown(kiosk, take, "none").text

    assert "Menunggu sebelum Anda: 1 orang" in text
    assert re.search(r"Perkiraan menunggu: \d+–\d+ menit", text)
