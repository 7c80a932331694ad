"""A screen that nobody touches: messages over the services, and everything of the citizen before is gone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser.test_browser_citizen import NIK, start, walk
from tests.e2e.browser.test_browser_places import EVERY_RULE, violations
from tests.kiosk_process import running

pytestmark = pytest.mark.needs("chromium")
TO_REST_MS = 62_000


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory):
    """One for all: nothing here asks what numbers were given before."""
    with running(tmp_path_factory.mktemp("kiosk")) as started:
        yield started


def rest(page: Page, kiosk) -> None:
    page.clock.install()
    start(page, kiosk)
    page.clock.run_for(TO_REST_MS)
    page.locator("#rest").wait_for()


def test_messages_follow_each_other_while_nobody_is_there(page, kiosk):
    rest(page, kiosk)
    seen = [page.locator(".slide:visible").inner_text()]

    for _ in range(2):
        page.clock.run_for(9_000)
        seen.append(page.locator(".slide:visible").inner_text())

    assert len(set(seen)) == 3


@pytest.mark.parametrize("lang", ["id", "en"])
def test_axe_finds_nothing_in_the_warning_and_in_the_messages(page, kiosk, lang):
    page.emulate_media(reduced_motion="reduce")
    page.clock.install()
    start(page, kiosk, lang=lang)

    page.clock.run_for(TO_REST_MS)

    expect(page.locator("#rest" if lang == "id" else "#still")).to_be_visible()
    page.clock.resume()
    assert violations(page, EVERY_RULE) == []


def test_a_touch_wakes_the_screen_and_does_nothing_else(page, kiosk):
    rest(page, kiosk)

    page.mouse.click(200, 400)

    expect(page.locator("#rest")).to_be_hidden()
    page.get_by_test_id("service-kk").click()
    page.wait_for_url("**service=kk**")


def test_a_key_wakes_the_screen(page, kiosk):
    rest(page, kiosk)

    page.keyboard.press("Tab")

    expect(page.locator("#rest")).to_be_hidden()
    expect(page.get_by_test_id("service-kk")).to_be_visible()


def test_nothing_behind_the_messages_can_be_reached(page, kiosk):
    rest(page, kiosk)

    assert page.evaluate("document.activeElement.id") == "rest"
    assert page.evaluate("document.querySelector('main').inert") is True


def test_a_disturbance_is_told_by_a_screen_at_rest(page, kiosk):
    rest(page, kiosk)
    tell(kiosk)

    page.clock.run_for(70_000)

    expect(page.locator(".slide.urgent", has_text="Blangko KTP-el habis")).to_be_attached()
    expect(page.locator("#rest")).to_be_visible()


def tell(kiosk) -> None:
    from agent.actions.notices import set_notice
    from agent.clock import SystemClock
    from agent.office import load_office
    from agent.store.opening import open_store

    store = open_store(kiosk.home, SystemClock())
    set_notice(store, load_office(kiosk.home / "kiosk.toml"), "blanks", by=1)
    store.close()


def test_nobody_who_looks_in_another_language_is_talked_over(page, kiosk):
    page.clock.install()
    start(page, kiosk, lang="en")

    page.clock.run_for(TO_REST_MS)

    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("#rest")).to_be_hidden()


def test_after_the_reset_the_browser_remembers_nothing(page, kiosk):
    page.clock.install()
    steps = walk(page, kiosk, nik=NIK)
    while next(steps) != "confirm":
        pass
    page.clock.run_for(92_000)
    page.get_by_test_id("service-kk").wait_for()

    page.go_back()
    page.get_by_test_id("service-kk").wait_for()

    assert NIK not in page.content()
    assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    assert NIK not in page.evaluate("JSON.stringify(sessionStorage)")


def test_no_field_asks_the_browser_to_remember(page, kiosk):
    steps = walk(page, kiosk, nik=NIK)
    while next(steps) != "nik":
        pass

    assert page.locator("form:not([autocomplete=off]) input:not([type=hidden])").count() == 0
    assert page.locator("#nik").get_attribute("autocomplete") == "off"


def test_a_number_that_was_not_printed_stays_until_done(page, kiosk):
    import apsw

    given = kiosk.take("kk")
    apsw.Connection(str(kiosk.home / "data/rekam.db")).execute("UPDATE visit SET print = 'failed'")
    page.clock.install()
    page.goto(f"{kiosk.citizen}/nomor/{given['code']}")

    page.clock.run_for(600_000)

    expect(page.get_by_test_id("ticket-number")).to_have_text(given["ticket"])
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_test_id("done").click()
    page.get_by_test_id("service-kk").wait_for()
