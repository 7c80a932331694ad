"""What makes the kiosk comfortable: help, larger text, contrast, sound."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.browser.test_browser_citizen import NIK, WIDER_THAN_SCREEN, start, ticket, type_nik
from tests.e2e.browser.test_browser_counter import at_counter
from tests.kiosk_process import running

pytestmark = pytest.mark.needs("chromium")
COUNT_TONES = """window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) { window.tones++; return start.call(this, at); };"""


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory):
    """One for all: nothing here asks what numbers were given before."""
    with running(tmp_path_factory.mktemp("kiosk")) as started:
        yield started


def test_help_rings_at_the_counter_by_itself_and_is_heard(page, kiosk):
    page.add_init_script(COUNT_TONES)
    at_counter(page, kiosk)
    citizen = page.context.new_page()
    start(citizen, kiosk)

    citizen.get_by_test_id("help").click()

    expect(citizen.get_by_role("heading", level=1)).to_contain_text("Petugas akan membantu Anda")
    expect(page.get_by_test_id("bell-answer")).to_be_visible()
    assert page.evaluate("window.tones") == 4


def test_a_call_for_help_loses_no_typed_digit(page, kiosk):
    start(page, kiosk)
    page.get_by_test_id("service-kk").click()
    page.get_by_test_id("with-nik").click()
    type_nik(page, "6402055")

    page.get_by_test_id("help").click()
    page.get_by_test_id("help-back").click()

    expect(page.locator("#nik")).to_have_value("640205 5")
    assert "640205" not in page.url


@pytest.mark.parametrize("look", ["large", "contrast"])
def test_a_look_stays_to_the_number_and_no_longer(page, kiosk, look):
    start(page, kiosk)
    page.get_by_test_id(f"look-{look}").click()
    for touch in ("service-kk", "with-nik"):
        page.get_by_test_id(touch).click()
    page.locator("#nik").fill(NIK)
    for touch in ("nik-next", "nik-correct", "village-unknown"):
        page.get_by_test_id(touch).click()

    page.wait_for_url("**/nomor/*")
    assert ticket(page).startswith("B-")
    assert page.locator("html").get_attribute("class") == look
    page.get_by_test_id("done").click()
    page.get_by_test_id("service-kk").wait_for()
    assert page.locator("html").get_attribute("class") == ""


def test_a_look_changes_under_a_typed_nik(page, kiosk):
    start(page, kiosk)
    page.get_by_test_id("service-kk").click()
    page.get_by_test_id("with-nik").click()
    type_nik(page, "6402")

    page.get_by_test_id("look-large").click()

    expect(page.locator("html.large")).to_be_attached()
    expect(page.locator("#nik")).to_have_value("6402")


@pytest.mark.needs("espeak")
def test_a_page_is_read_aloud_text_by_text(page, kiosk):
    heard = []
    page.on("request", lambda request: heard.append(request.url) if "/suara/" in request.url else None)
    start(page, kiosk)

    page.get_by_test_id("listen").click()
    expect(page.locator("h1.said")).to_be_visible()
    expect(page.get_by_test_id("service-ktp_first")).to_have_class("tile said")
    page.get_by_test_id("listen").click()

    expect(page.locator(".said")).to_have_count(0)
    expect(page.get_by_test_id("listen")).to_have_text("Dengarkan")
    assert len(dict.fromkeys(heard)) == 2


def test_where_nothing_can_be_heard_the_button_says_so(page, kiosk):
    page.route("**/suara/**", lambda route: route.fulfill(status=204))
    start(page, kiosk)

    page.get_by_test_id("listen").click()

    expect(page.get_by_test_id("listen")).to_have_text("Tanpa suara")
    expect(page.get_by_test_id("service-kk")).to_be_enabled()


def test_a_third_language_fits_the_smallest_screen(browser, tmp_path):
    with running(tmp_path, prepare=banjar) as office:
        page = browser.new_page(viewport={"width": 1024, "height": 600})
        page.goto(office.citizen)

        page.get_by_role("link", name="Banjar").click()

        expect(page.locator("html[lang=bjn]")).to_be_attached()
        expect(page.get_by_role("heading", level=1)).to_have_text("Handak maurus apa hari ini?")
        assert not page.evaluate(WIDER_THAN_SCREEN)
        page.close()


def banjar(home) -> None:
    """A catalog with two texts beside an office's settings."""
    (home / "translations").mkdir()
    words = '"language.name" = "Banjar"\n"service.choose" = "Handak maurus apa hari ini?"\n'
    (home / "translations/bjn.toml").write_text(words)
