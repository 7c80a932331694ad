"""A technician at the machine: from the citizen's screen to what is wrong and what to do first."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from playwright.sync_api import Page, expect

from agent.actions import kiosk_life
from agent.clock import SystemClock
from agent.domain.health import Track
from agent.store.opening import open_store
from tests.builders import PIN
from tests.e2e.browser.places import ANYBODY, CITIZEN
from tests.e2e.browser.test_browser_citizen import SCREENS
from tests.e2e.browser.test_browser_places import EVERY_RULE, USUAL_RULES, faults_of, violations
from tests.kiosk_process import add_newcomer

pytestmark = pytest.mark.needs("chromium")
HELD_MS = 5_000


def hold_the_name(page: Page, ms: int) -> None:
    """A finger on the office's name for so long, then lifted."""
    place = page.locator(".top .place").bounding_box()
    touch = page.context.new_cdp_session(page)
    at = {"x": place["x"] + 80, "y": place["y"] + place["height"] / 2}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    page.clock.run_for(ms)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.fixture
def screen(browser, kiosk) -> Iterator[Page]:
    """The citizen's touch screen, whose clock is ours."""
    context = browser.new_context(has_touch=True, viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.clock.install()
    page.goto(kiosk.citizen)
    yield page
    context.close()


def test_a_finger_held_on_the_offices_name_opens_the_sign_in(screen, kiosk):
    hold_the_name(screen, HELD_MS)

    screen.wait_for_url(f"{kiosk.staff}/masuk**")
    expect(screen.get_by_test_id("sign-in")).to_be_visible()


@pytest.fixture
def out_of_paper(kiosk) -> None:
    """The ticket printer has no paper."""
    store = open_store(kiosk.home, SystemClock())
    with store.write():
        track = Track(state="down", code="printer-paper-out", since=store.clock.wall_ms() - 60_000)
        store.run("INSERT INTO track VALUES ('ticket-printer', ?)", msgspec.json.encode(track).decode())
    store.close()


def first_step(screen: Page):
    return screen.get_by_test_id("warning-printer-paper-out").get_by_test_id("first-step")


def test_the_first_step_against_the_top_warning_is_one_touch_away(out_of_paper, screen, kiosk):
    hold_the_name(screen, HELD_MS)
    screen.wait_for_url(f"{kiosk.staff}/masuk**")

    expect(first_step(screen)).to_be_in_viewport()


def test_without_a_keyboard_one_signs_in_by_touch_and_stands_before_the_warnings(out_of_paper, screen, kiosk):
    hold_the_name(screen, HELD_MS)
    screen.wait_for_url(f"{kiosk.staff}/masuk**")
    sign_in_by_touch(screen, "siti rahma", PIN)

    screen.wait_for_url(f"{kiosk.staff}/teknisi")
    expect(first_step(screen)).to_be_in_viewport()


def test_without_a_keyboard_one_chooses_a_pin_of_ones_own_by_touch(screen, kiosk):
    once = add_newcomer(kiosk.home, "Rina")
    screen.goto(f"{kiosk.staff}/masuk?dari=layar")
    sign_in_by_touch(screen, "rina", once)
    screen.get_by_test_id("save-pin").wait_for()

    tap_keys(screen, "480215")
    screen.locator("#repeat").tap()
    tap_keys(screen, "480215")
    screen.get_by_test_id("save-pin").tap()

    screen.wait_for_url(f"{kiosk.staff}/teknisi")


def sign_in_by_touch(screen: Page, name: str, pin: str) -> None:
    tap_keys(screen, name)
    screen.locator("#pin").tap()
    tap_keys(screen, pin)
    screen.get_by_test_id("sign-in").tap()


def tap_keys(screen: Page, text: str) -> None:
    """Each letter on the keys of the page."""
    for key in text:
        screen.locator(f"[data-key='{key}']").tap()


def test_a_shorter_touch_opens_nothing(screen, kiosk):
    hold_the_name(screen, HELD_MS - 200)
    screen.clock.run_for(HELD_MS)

    assert screen.url == f"{kiosk.citizen}/"


def test_whoever_came_from_the_citizens_screen_is_led_back_there(screen, kiosk):
    hold_the_name(screen, HELD_MS)
    screen.wait_for_url(f"{kiosk.staff}/masuk**")

    screen.get_by_test_id("back-to-citizens").click()

    screen.wait_for_url(f"{kiosk.citizen}/")


def test_whoever_walks_away_leaves_the_screen_to_the_citizens(screen, kiosk):
    hold_the_name(screen, HELD_MS)
    screen.wait_for_url(f"{kiosk.staff}/masuk**")

    screen.clock.run_for(181_000)

    screen.wait_for_url(f"{kiosk.citizen}/")


def test_a_screen_that_nobody_touches_learns_that_the_kiosk_was_suspended(screen, kiosk):
    store = open_store(kiosk.home, SystemClock())
    kiosk_life.move(store, "suspend", "repair")
    store.close()

    screen.clock.run_for(70_000)

    expect(screen.get_by_test_id("suspended")).to_be_visible()


def faults_on_every_screen(page: Page, who: str) -> dict[str, list[str]]:
    """What axe-core and the look checks find."""
    found = {"axe": violations(page, EVERY_RULE if who == CITIZEN else USUAL_RULES)}
    for name, (width, height) in SCREENS.items():
        page.set_viewport_size({"width": width, "height": height})
        found[name] = faults_of(page, who)
    return {where: faults for where, faults in found.items() if faults}


def test_a_suspended_kiosks_screen_can_be_read_by_anybody(page, kiosk):
    store = open_store(kiosk.home, SystemClock())
    kiosk_life.move(store, "suspend", "repair")
    store.close()

    page.goto(kiosk.citizen)

    expect(page.get_by_test_id("suspended")).to_be_visible()
    assert faults_on_every_screen(page, CITIZEN) == {}


def test_the_sign_in_with_letters_can_be_read_and_touched(out_of_paper, page, kiosk):
    page.goto(f"{kiosk.staff}/masuk?dari=layar")

    expect(page.locator("[data-key=q]")).to_be_visible()
    assert faults_on_every_screen(page, ANYBODY) == {}


def test_the_history_is_drawn_and_its_table_folded_away(page, kiosk):
    store = open_store(kiosk.home, SystemClock())
    with store.write():
        for minute in range(30):
            store.run(
                "INSERT INTO reading (t, boot, m, round) VALUES (?, 1, ?, ?)",
                store.clock.wall_ms() - (30 - minute) * 60_000, minute, '{"cpu_percent": 12.5}',
            )  # fmt: skip
    store.close()
    page.goto(f"{kiosk.staff}/masuk")
    page.locator("[name=name]").fill("Andi Wijaya")
    page.locator("[name=pin]").fill(PIN)
    page.get_by_test_id("sign-in").click()
    page.wait_for_url("**/teknisi")

    page.goto(f"{kiosk.staff}/teknisi/alat/cpu")

    expect(page.locator(".plot canvas").first).to_be_visible()
    expect(page.locator("[data-fallback]").first).not_to_have_attribute("open", "")
