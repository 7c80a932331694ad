"""A technician at the machine: from the citizen's screen to what is wrong and what to do first."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from agent.actions import kiosk_life
from agent.clock import SystemClock
from agent.store.opening import open_store

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
def screen(page, kiosk) -> Page:
    """The citizen's screen, whose clock is ours."""
    page.clock.install()
    page.goto(kiosk.citizen)
    return page


def test_a_finger_held_on_the_offices_name_opens_the_sign_in(screen, kiosk):
    hold_the_name(screen, HELD_MS)

    screen.wait_for_url(f"{kiosk.staff}/masuk**")
    expect(screen.get_by_test_id("sign-in")).to_be_visible()


def test_a_shorter_touch_opens_nothing(screen, kiosk):
    hold_the_name(screen, HELD_MS - 200)
    screen.clock.run_for(HELD_MS)

    assert screen.url == f"{kiosk.citizen}/"


def test_whoever_came_from_the_citizens_screen_is_led_back_there(screen, kiosk):
    hold_the_name(screen, HELD_MS)
    screen.wait_for_url(f"{kiosk.staff}/masuk**")

    screen.get_by_test_id("back-to-citizens").click()

    screen.wait_for_url(f"{kiosk.citizen}/")


def test_a_screen_that_nobody_touches_learns_that_the_kiosk_was_suspended(screen, kiosk):
    store = open_store(kiosk.home, SystemClock())
    kiosk_life.move(store, "suspend", "repair")
    store.close()

    screen.clock.run_for(70_000)

    expect(screen.get_by_test_id("suspended")).to_be_visible()
