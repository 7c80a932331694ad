"""What only a browser shows of the citizen's way: scanners, own keypads, two tabs, the back button of a family."""

from __future__ import annotations

import re
from contextlib import closing
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from agent.actions.notices import set_notice
from agent.clock import SystemClock
from agent.office import load_office
from agent.store.opening import open_store
from tests.e2e.browser.places import LANGUAGES, act
from tests.patience import wait_until

pytestmark = pytest.mark.needs("chromium")
NIK = "6402055501990001"
TO_VILLAGES = ("service-kk", "without-nik", "?[data-testid=village-unknown]")
TO_NUMBER = (*TO_VILLAGES, "village-64.02.05.2001", "?[data-testid=ticket-number]")


def walk(page: Page, kiosk, *touches: str) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(kiosk.citizen)
    for touch in touches:
        act(page, touch)


def test_on_a_low_screen_a_family_sees_all_its_numbers_at_once(page, kiosk):
    codes = [kiosk.take(service)["code"] for service in ("kk", "birth", "kia", "change", "ktp_first")]
    page.set_viewport_size({"width": 1024, "height": 600})
    for look in ("", "large"):
        page.goto(f"{kiosk.citizen}/nomor/{codes[-1]}?family={'.'.join(codes)}&look={look}")

        bar = page.locator(".acts").bounding_box()["y"]
        boxes = [each.bounding_box() for each in page.get_by_test_id("family-number").all()]
        assert (len(boxes), max(box["y"] + box["height"] for box in boxes) <= bar) == (5, True)


@pytest.mark.parametrize("stale", ["", "&again=1"])
def test_on_a_low_screen_no_tile_is_pushed_out_by_what_is_said_of_a_few(page, kiosk, stale):
    with closing(open_store(kiosk.home, SystemClock())) as store:
        set_notice(store, load_office(kiosk.home / "kiosk.toml"), "blanks", by=1)
    page.set_viewport_size({"width": 1024, "height": 600})
    for lang in LANGUAGES:
        page.goto(f"{kiosk.citizen}/?lang={lang}{stale}")

        assert page.locator(".mark").count() == 2
        assert page.evaluate("document.documentElement.scrollHeight - innerHeight") == 0


def scan(page: Page, text: str) -> None:
    """A scanner types, and presses Enter at once: the page's clock stands still, however busy this machine is."""
    now = page.evaluate("Date.now()") / 1000
    page.clock.pause_at(now + 1)
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.clock.resume()


@pytest.mark.parametrize("touches", [(), ("service-kk", "with-nik", "?#nik")])
def test_a_ticket_that_is_scanned_on_any_page_is_found(page, kiosk, touches):
    code = kiosk.take("kk")["code"]
    walk(page, kiosk, *touches)

    scan(page, f"]Q1{code.upper()}")

    expect(page.get_by_test_id("ticket-number")).to_have_text("B-001")
    expect(page).to_have_url(re.compile(rf"/cari/{code}"))


def test_what_a_scanner_types_on_another_page_presses_nothing(page, kiosk):
    walk(page, kiosk)
    page.get_by_test_id("service-kk").focus()

    for noise in (f" {NIK}", NIK, "  ", "a b c d", "]C1 12 34", "abc:def%00/..", "x"):
        scan(page, noise)

    expect(page).to_have_url(f"{kiosk.citizen}/")
    expect(page.get_by_test_id("service-kk")).to_be_visible()


def test_what_is_scanned_beside_the_field_goes_into_it(page, kiosk):
    walk(page, kiosk, "service-kk", "with-nik", "?#nik")
    page.locator(".keypad [value='6']").click()

    scan(page, NIK)

    expect(page.get_by_role("heading")).to_contain_text("15 Januari 1999")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_finger_on_the_keyboard_still_presses(page, kiosk, key):
    walk(page, kiosk)
    page.get_by_test_id("service-kk").focus()

    page.keyboard.press(key)
    page.get_by_test_id("without-nik").focus()
    page.keyboard.press(key)

    page.get_by_test_id("village-unknown").wait_for()


def test_a_space_ticks_and_unfolds(page, kiosk):
    walk(page, kiosk, "service-kk", "?[data-testid=with-nik]")
    page.locator("summary").focus()
    page.keyboard.press("Space")
    expect(page.locator("details[open]")).to_be_visible()

    act(page, "without-nik")
    page.locator("[name=priority]").focus()
    page.keyboard.press("Space")

    expect(page.locator("[name=priority]")).to_be_checked()


def test_a_code_is_typed_on_the_own_keypad_in_groups(page, kiosk):
    code = kiosk.take("kk")["code"]
    walk(page, kiosk, "find", "?#code")

    for letter in code:
        page.locator(f".keypad [value='{letter}']").click()
    expect(page.locator("#code")).to_have_value(f"{code[:3]} {code[3:6]} {code[6:]}")
    act(page, "find-go")

    expect(page.get_by_test_id("ticket-number")).to_have_text("B-001")


def test_a_nik_is_pasted_with_whatever_is_around_it(page, kiosk):
    walk(page, kiosk, "service-kk", "with-nik", "?#nik")

    page.locator("#nik").fill("🙂" * 200 + f" NIK:\t{NIK} a.n." + "x" * 5_000)
    act(page, "nik-next")

    expect(page.get_by_role("heading")).to_contain_text("15 Januari 1999")


@pytest.mark.parametrize("typed", ["🙂" * 10_000, "1" * 10_000])
def test_far_too_much_in_the_field_is_cut_and_the_way_goes_on(page, kiosk, typed):
    walk(page, kiosk, "service-kk", "with-nik", "?#nik")
    page.locator("#nik").evaluate("(field, text) => { field.value = text; }", typed)  # past the field's own limit

    with page.expect_request("**/nik*") as sent:
        act(page, "nik-next")
    expect(page.get_by_role("alert")).to_contain_text("Isian tadi jauh lebih panjang.")
    assert len(sent.value.post_data) < 10_000
    for touch in (f"#nik={NIK}", "nik-next", "nik-correct", "village-unknown"):
        act(page, touch)

    expect(page.get_by_test_id("ticket-number")).to_have_text("B-001")


def test_a_kiosk_that_is_killed_before_every_touch_loses_none_and_doubles_no_number(page, kiosk):
    walk(page, kiosk)
    for touch, then in pairwise(("service-kk", "without-nik", "village-unknown", "ticket-number")):
        kiosk.program.kill()
        act(page, touch)
        expect(page.locator("#hold")).to_be_visible()
        kiosk.start()
        page.get_by_test_id(then).wait_for()

    expect(page.get_by_test_id("ticket-number")).to_have_text("B-001")
    assert kiosk.take("kk")["ticket"] == "B-002"


def test_a_screen_that_is_reset_while_the_kiosk_is_away_stands_again(page, kiosk):
    page.clock.install()
    walk(page, kiosk, "service-kk", "?[data-testid=without-nik]")
    kiosk.program.kill()

    page.clock.run_for(95_000)
    kiosk.start()
    wait_until(lambda: page.clock.run_for(1_000) or page.get_by_test_id("service-kk").count(), "the first page")

    expect(page).to_have_url(f"{kiosk.citizen}/")


def test_two_tabs_of_one_request_are_one_number(page, kiosk):
    walk(page, kiosk, *TO_VILLAGES)
    other = page.context.new_page()
    other.goto(page.url)

    act(page, "village-unknown")
    act(other, "village-64.02.05.2001")

    expect(page.get_by_test_id("ticket-number")).to_have_text("B-001")
    expect(other.get_by_test_id("ticket-number")).to_have_text("B-001")
    expect(other.locator(".note")).to_contain_text("sudah mempunyai nomor ini")


def test_back_shows_the_next_citizen_nothing_of_a_family(page, kiosk):
    walk(page, kiosk, *TO_NUMBER, "another", "service-birth", "without-nik", "village-same", "?.family")
    act(page, "done")
    page.get_by_test_id("service-kk").wait_for()

    for _ in range(6):
        page.go_back()
        page.get_by_test_id("service-kk").wait_for()

    expect(page.locator(".so-far")).to_have_count(0)


def test_a_family_that_walks_away_is_wiped(page, kiosk):
    page.clock.install()
    walk(page, kiosk, *TO_NUMBER, "another", "?.so-far")

    page.clock.run_for(92_000)

    expect(page.locator(".so-far")).to_have_count(0)
    expect(page).to_have_url(f"{kiosk.citizen}/")
