"""Officers at the counter and people before the board, while a citizen takes a number beside them."""

from __future__ import annotations

import io
import wave

import pytest
from playwright.sync_api import Page, expect

from tests.builders import PIN
from tests.e2e.browser.test_browser_citizen import SMALL_TARGETS, WIDER_THAN_SCREEN

pytestmark = pytest.mark.needs("chromium")
NIK = "6402055501990001"


def sign_in(page: Page, kiosk, name: str = "Siti Rahma", lang: str = "id") -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{kiosk.staff}/masuk?lang={lang}")
    page.locator("[name=name]").fill(name)
    page.locator("[name=pin]").fill(PIN)
    page.get_by_test_id("sign-in").click()


def at_counter(page: Page, kiosk, number: int = 1, lang: str = "id") -> None:
    sign_in(page, kiosk, lang=lang)
    page.wait_for_url("**/loket")
    page.goto(f"{kiosk.staff}/loket/pilih")
    page.get_by_test_id(f"counter-{number}").click()
    page.get_by_test_id("call-next").wait_for()


@pytest.mark.parametrize(
    ("lang", "service", "outcome"),
    [("id", "Kartu Keluarga (KK)", "Sudah direkam"), ("en", "Family Card (KK)", "Recorded")],
)
def test_a_number_is_called_and_finished(page, kiosk, lang, service, outcome):
    kiosk.take("kk")
    at_counter(page, kiosk, lang=lang)

    page.get_by_test_id("call-next").click()
    expect(page.get_by_test_id("current-ticket")).to_have_text("B-001")
    expect(page.locator(".what")).to_contain_text(service)
    page.get_by_test_id("outcome-recorded").click()

    expect(page.get_by_test_id("current-ticket")).to_be_hidden()
    expect(page.locator("#lists")).to_contain_text(outcome)


def test_who_takes_a_number_appears_by_itself(page, kiosk):
    at_counter(page, kiosk)

    kiosk.take()

    expect(page.locator("#lists")).to_contain_text("A-001")


def test_the_nik_is_seen_after_a_touch(page, kiosk):
    kiosk.take(nik=NIK)
    at_counter(page, kiosk)
    page.get_by_test_id("call-next").click()
    expect(page.locator(".digits")).to_be_hidden()

    page.locator(".nik summary").click()

    expect(page.locator(".digits")).to_have_text("640205 550199 0001")


def test_missing_papers_are_ticked_before_the_outcome(page, kiosk):
    kiosk.take()
    at_counter(page, kiosk)
    page.get_by_test_id("call-next").click()

    page.get_by_text("Berkas yang kurang…").click()
    page.get_by_label("Fotokopi Kartu Keluarga").check()
    page.get_by_test_id("outcome-incomplete_papers").click()

    expect(page.locator("#lists")).to_contain_text("Berkas kurang")


def test_two_counters_in_two_browsers_get_two_numbers(page, browser, kiosk):
    other = browser.new_context().new_page()
    at_counter(page, kiosk, 1)
    at_counter(other, kiosk, 2)
    kiosk.take()
    kiosk.take()

    page.get_by_test_id("call-next").click()
    other.get_by_test_id("call-next").click()

    expect(page.get_by_test_id("current-ticket")).to_have_text("A-001")
    expect(other.get_by_test_id("current-ticket")).to_have_text("A-002")


def test_the_board_shows_a_call_by_itself(page, kiosk):
    page.goto(f"{kiosk.staff}/papan")
    kiosk.take()

    kiosk.call(3)

    expect(page.get_by_test_id("board-ticket")).to_have_text("A-001")
    expect(page.locator(".newest")).to_contain_text("Loket 3")


def test_the_board_keeps_its_last_state_and_tells_its_age(page, kiosk):
    kiosk.take()
    kiosk.call(3)
    page.clock.install()
    page.goto(f"{kiosk.staff}/papan")
    page.context.set_offline(True)

    page.clock.run_for(9_000)

    expect(page.locator("#stale")).to_contain_text("belum diperbarui selama")
    expect(page.get_by_test_id("board-ticket")).to_have_text("A-001")


def short_sound() -> bytes:
    """A tenth of a second of silence as WAV."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"\0\0" * 800)
    return out.getvalue()


def test_the_board_speaks_each_call_once_and_in_order(page, kiosk):
    spoken, sound = [], short_sound()
    page.route("**/papan/suara/*", lambda route: (spoken.append(route.request.url[-1]),
                                                  route.fulfill(body=sound, content_type="audio/wav")))  # fmt: skip
    kiosk.take()
    kiosk.call(1)
    page.goto(f"{kiosk.staff}/papan")
    page.locator("#clock").click()
    with page.expect_response("**/papan/suara/3"):
        for counter in (2, 3):
            kiosk.take()
            kiosk.call(counter)

    assert list(dict.fromkeys(spoken)) == ["2", "3"]
    expect(page.locator("#mute")).to_be_hidden()


def test_without_sound_the_board_says_so_and_shows_the_call(page, kiosk):
    page.route("**/papan/suara/*", lambda route: route.fulfill(status=204))
    page.goto(f"{kiosk.staff}/papan")
    page.locator("#clock").click()
    kiosk.take()

    kiosk.call(1)

    expect(page.locator("#mute")).to_be_visible()
    expect(page.get_by_test_id("board-ticket")).to_have_text("A-001")


def test_a_disturbance_is_told_by_one_tap_and_stands_on_every_screen(page, kiosk):
    at_counter(page, kiosk)
    page.get_by_text("Kabarkan gangguan").click()

    page.get_by_test_id("notice-blanks").click()

    expect(page.locator(".told")).to_contain_text("Blangko KTP-el habis sejak")
    page.goto(f"{kiosk.staff}/papan")
    expect(page.locator("#said")).to_contain_text("Blangko KTP-el habis sejak")


@pytest.mark.parametrize("move", ["hold", "transfer"])
def test_a_fold_is_opened_and_its_move_made(page, kiosk, move):
    kiosk.take()
    at_counter(page, kiosk)
    page.get_by_test_id("call-next").click()

    page.locator(f".moves details:has([data-testid={move}]) summary").click()
    page.get_by_test_id(move).click()

    expect(page.get_by_test_id("current-ticket")).to_be_hidden()
    expect(page.locator("#lists")).to_contain_text("A-001")


@pytest.mark.parametrize("path", ["/loket", "/laporan", "/teknisi"])
@pytest.mark.parametrize("width", [1366, 1920])
def test_staff_pages_fit_their_screen_and_their_fingers(page, kiosk, path, width):
    kiosk.take(nik=NIK)
    kiosk.call(1)
    at_counter(page, kiosk)
    page.set_viewport_size({"width": width, "height": 768})

    page.goto(kiosk.staff + path)

    assert page.evaluate(SMALL_TARGETS, 48) == []
    assert not page.evaluate(WIDER_THAN_SCREEN)


def test_the_technician_sees_the_pairing_code(page, kiosk):
    sign_in(page, kiosk, "Andi Wijaya")

    expect(page.get_by_test_id("pairing-code")).to_have_text(kiosk_code(kiosk))


def kiosk_code(kiosk) -> str:
    """The code by the command line's own road: the kiosk's key."""
    from agent.identity import load_key
    from agent.wire.pairing import code

    return code(load_key(kiosk.home).thumbprint())


def test_signing_out_leaves_nothing_to_go_back_to(page, kiosk):
    kiosk.take(nik=NIK)
    kiosk.call(1)
    at_counter(page, kiosk)
    page.get_by_role("button", name="Keluar").click()
    page.wait_for_url("**/masuk")

    page.go_back()

    page.wait_for_url("**/masuk")
    assert NIK not in page.content()


def test_an_unfolded_list_of_those_who_wait_goes_on_growing(page, kiosk):
    for _ in range(9):
        kiosk.take()
    at_counter(page, kiosk)
    page.locator(".rest summary").click()
    kiosk.take()

    expect(page.locator("#waiting .count")).to_have_text("10")
    expect(page.locator(".rest")).to_have_attribute("open", "")
    expect(page.locator(".rest td.id").last).to_be_visible()
