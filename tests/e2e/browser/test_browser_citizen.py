"""Citizens at the screen: every step by touch, by keyboard and without JavaScript."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.kiosk_process import running

pytestmark = pytest.mark.needs("chromium")
SCREENS = {"portrait": (1080, 1920), "hd": (1920, 1080), "laptop": (1366, 768), "small": (1024, 600)}
NIK = "6402055501990001"
SMALL_TEXT = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
  .filter(e => parseFloat(getComputedStyle(e).fontSize) < 28).map(e => e.outerHTML.slice(0, 80))"""
SMALL_TARGETS = """least => [...document.querySelectorAll('a, button, summary, label, input:not([type=hidden])')]
  .filter(e => e.checkVisibility() && !e.matches('.first-submit, .toggle input, .tick input, label[for]'))
  .filter(e => { const box = e.getBoundingClientRect(); return box.height < least || box.width < least; })
  .map(e => e.outerHTML.slice(0, 90))"""
WIDER_THAN_SCREEN = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory):
    """One for all."""
    with running(tmp_path_factory.mktemp("kiosk")) as started:
        yield started


def start(page: Page, kiosk, lang: str = "id", screen: str = "laptop") -> None:
    width, height = SCREENS[screen]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(kiosk.citizen)
    if lang == "en":
        page.get_by_role("link", name="English").click()
        page.locator("html[lang=en]").wait_for(state="attached")


def ticket(page: Page) -> str:
    return page.get_by_test_id("ticket-number").inner_text()


def following(number: str) -> str:
    """The next number of a series."""
    return f"{number[:2]}{int(number[2:]) + 1:03d}"


def type_nik(page: Page, digits: str) -> None:
    for digit in digits:
        page.locator(f".keypad [value='{digit}']").click()


def walk(page: Page, kiosk, *, nik: str = "", lang: str = "id", screen: str = "laptop"):
    """Every page from welcome to number, each as soon as it stands."""
    start(page, kiosk, lang, screen)
    yield "welcome"
    page.get_by_test_id("service-ktp_first").click()
    for answer in ("recorded-no", "age-17+"):
        page.get_by_test_id(answer).wait_for()
        yield answer
        page.get_by_test_id(answer).click()
    page.get_by_test_id("with-nik").wait_for()
    yield "before"
    if nik:
        page.get_by_test_id("with-nik").click()
        page.wait_for_url("**/nik*")
        yield "nik"
        type_nik(page, nik)
        page.get_by_test_id("nik-next").click()
        page.get_by_test_id("nik-correct").wait_for()
        yield "confirm"
        page.get_by_test_id("nik-correct").click()
    else:
        page.get_by_test_id("without-nik").click()
    page.get_by_test_id("village-64.02.05.2001").wait_for()
    yield "village"
    page.get_by_test_id("village-64.02.05.2001").click()
    page.wait_for_url("**/nomor/*")
    yield "number"


def test_the_nik_is_in_no_address_and_in_no_page_to_go_back_to(page, kiosk):
    addresses = []
    page.on("framenavigated", lambda frame: addresses.append(frame.url))

    for _ in walk(page, kiosk, nik=NIK):
        pass
    page.go_back()

    assert NIK not in " ".join(addresses)
    assert NIK not in page.content()


def test_a_double_tap_is_one_ticket(page, kiosk):
    steps = walk(page, kiosk)
    while next(steps) != "village":
        pass

    page.get_by_test_id("village-unknown").dblclick()

    page.wait_for_url("**/nomor/*")
    assert kiosk.take()["ticket"] == following(ticket(page))


def test_a_reload_shows_the_same_number(page, kiosk):
    for _ in walk(page, kiosk):
        pass
    given = ticket(page)

    page.reload()

    assert ticket(page) == given


def test_back_and_the_village_again_shows_the_same_number(page, kiosk):
    for _ in walk(page, kiosk):
        pass
    given = ticket(page)

    page.go_back()
    page.get_by_test_id("village-64.02.05.2001").click()

    page.wait_for_url("**/nomor/*")
    assert ticket(page) == given


def test_after_done_back_leads_the_next_citizen_to_the_start(page, kiosk):
    for _ in walk(page, kiosk):
        pass
    page.get_by_test_id("done").click()
    page.get_by_test_id("service-kk").wait_for()

    page.go_back()

    page.get_by_test_id("service-kk").wait_for()


def test_a_faulty_nik_is_told_on_the_same_page(page, kiosk):
    start(page, kiosk)
    page.get_by_test_id("service-kk").click()
    page.get_by_test_id("with-nik").click()
    type_nik(page, "640205")

    page.get_by_test_id("nik-next").click()

    expect(page.get_by_role("alert")).to_have_text("NIK harus 16 angka. Anda baru memasukkan 6 angka.")
    expect(page.locator("#nik")).to_have_value("640205")


def test_a_scanner_types_and_presses_enter(page, kiosk):
    start(page, kiosk)
    page.get_by_test_id("service-kk").click()
    page.get_by_test_id("with-nik").click()
    page.locator("#nik").wait_for()

    page.keyboard.type(NIK)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading")).to_contain_text("15 Januari 1999")


def test_the_keypad_deletes_and_groups(page, kiosk):
    start(page, kiosk)
    page.get_by_test_id("service-kk").click()
    page.get_by_test_id("with-nik").click()
    type_nik(page, "64020555")

    page.locator(".keypad [value=delete]").click()

    expect(page.locator("#nik")).to_have_value("640205 5")


def test_an_idle_screen_warns_and_is_wiped(page, kiosk):
    page.clock.install()
    steps = walk(page, kiosk, nik=NIK)
    while next(steps) != "village":
        pass

    page.clock.run_for(62_000)
    expect(page.get_by_role("dialog")).to_contain_text("Anda masih di sini?")
    page.clock.run_for(30_000)

    page.get_by_test_id("service-kk").wait_for()
    assert NIK not in page.content()


def test_any_touch_extends_the_time(page, kiosk):
    page.clock.install()
    steps = walk(page, kiosk)
    while next(steps) != "before":
        pass
    page.clock.run_for(70_000)

    page.get_by_role("button", name="Saya masih di sini").click()
    page.clock.run_for(50_000)

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_test_id("without-nik")).to_be_visible()


def test_english_goes_back_to_indonesian_by_itself(page, kiosk):
    page.clock.install()
    start(page, kiosk, lang="en")
    expect(page.get_by_role("heading", name="What would you like to do today?")).to_be_visible()

    page.clock.run_for(92_000)

    expect(page.get_by_role("heading", name="Apa yang ingin Anda urus hari ini?")).to_be_visible()


def test_the_keyboard_alone_is_enough(page, kiosk):
    start(page, kiosk)
    page.get_by_test_id("service-ktp_first").focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("without-nik").wait_for()
    for testid in ("without-nik", "village-64.02.05.2001"):
        page.get_by_test_id(testid).wait_for()
        while not page.evaluate("id => document.activeElement?.dataset.testid === id", testid):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")

    page.wait_for_url("**/nomor/*")
    assert ticket(page).startswith("A-")


def test_without_javascript_the_way_is_the_same(browser, kiosk):
    page = browser.new_context(java_script_enabled=False).new_page()

    for _ in walk_by_forms(page, kiosk):
        pass

    assert ticket(page).startswith("A-")


def walk_by_forms(page: Page, kiosk):
    """As `walk`, where every touch of the keypad is a page."""
    page.goto(kiosk.citizen)
    for testid in ("service-ktp_first", "recorded-no", "age-nik", "with-nik"):
        page.get_by_test_id(testid).click()
        yield testid
    for digit in NIK:
        page.locator(f".keypad [value='{digit}']").click()
        yield digit
    for testid in ("nik-next", "nik-correct", "village-unknown"):
        page.get_by_test_id(testid).click()
        yield testid


def test_no_request_leaves_the_machine(page, kiosk):
    hosts = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))

    for _ in walk(page, kiosk, nik=NIK):
        pass

    assert hosts == {"127.0.0.1"}


def test_pages_are_light(page, kiosk):
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    loaded: list[float] = []
    network.on("Network.loadingFinished", lambda done: loaded.append(done["encodedDataLength"]))
    weights = []
    for _ in walk(page, kiosk, nik=NIK):
        page.wait_for_load_state("networkidle")
        weights.append(sum(loaded))
        loaded.clear()

    assert weights[0] <= 80_000
    assert max(weights[1:]) <= 20_000


def test_the_address_of_a_number_says_nothing_but_its_code(page, kiosk):
    for _ in walk(page, kiosk, nik=NIK):
        pass

    assert re.fullmatch(r"/nomor/[a-z2-9]{9}", urlsplit(page.url).path)
    assert urlsplit(page.url).query == ""
