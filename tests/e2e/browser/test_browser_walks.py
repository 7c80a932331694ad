"""Every path that a citizen can take, in both languages, spread over the four screens.

A walk is made in each language, every time on another screen, so that each path, language and screen is met. Whatever
is touched must be in sight without scrolling, and every walk ends where its last column says.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

import apsw
import pytest
from playwright.sync_api import Page, expect

from agent.actions.notices import set_notice
from agent.clock import SystemClock
from agent.office import load_office
from agent.store.opening import open_store
from tests.e2e.browser.places import LANGUAGES, NIK
from tests.e2e.browser.test_browser_citizen import SCREENS, WIDER_THAN_SCREEN
from tests.e2e.browser.test_browser_way import scan
from tests.kiosk_process import KioskProcess, close_now, running, serve_now
from tests.small_office import shipped_services

pytestmark = pytest.mark.needs("chromium")
VILLAGE = "village-64.02.05.2001"
TAKE = ("without-nik", VILLAGE)
BY_NIK = ("with-nik", f"#nik={NIK}", "nik-next", "nik-correct", VILLAGE)
NUMBER, LISTED = "[data-testid=ticket-number]", "[data-testid=place-date]"
IN_SIGHT = """e => { const box = e.getBoundingClientRect(), bar = document.querySelector('.acts');
  const floor = bar && !bar.contains(e) ? bar.getBoundingClientRect().top : innerHeight;
  document.querySelector('main').dataset.left = '1';
  return scrollY === 0 && box.top >= 0 && box.bottom <= floor + 1; }"""

OUT_OF_SIGHT = """() => { const floor = document.querySelector('.acts')?.getBoundingClientRect().top ?? innerHeight;
  return [...document.querySelectorAll('.papers li, .tile, .answers .name')]
    .filter(e => e.getBoundingClientRect().bottom > floor + 1).map(e => e.innerText); }"""


class Walk(NamedTuple):
    """What is touched, and what stands at the end: `#field=text` types, `scan CODE` scans, `no paper` loses it."""

    touches: tuple[str, ...]
    end: str = NUMBER


OPEN = {
    "a first recording": Walk(("service-ktp_first", "recorded-no", "age-17+", *TAKE)),
    "a first recording, aged by the NIK": Walk(("service-ktp_first", "recorded-no", "age-nik", *BY_NIK)),
    "a first recording, married at 16": Walk(("service-ktp_first", "recorded-no", "age-16", "married-yes", *TAKE)),
    "recorded before": Walk(("service-ktp_first", "recorded-yes", "service-ktp_lost", *TAKE)),
    "too young": Walk(("service-ktp_first", "recorded-no", "age-5-15", "married-no", "service-kia", *TAKE)),
    "an early recording": Walk(("service-ktp_early", "recorded-no", "age-16", "married-no", *TAKE)),
    "a card to collect": Walk(("service-ktp_print", *TAKE)),
    "a lost card": Walk(("service-ktp_lost", *TAKE)),
    "changed data": Walk(("service-change", *BY_NIK)),
    "a move": Walk(("service-move", *TAKE)),
    "a baby's card": Walk(("service-kia", "age-0-4", *TAKE)),
    "a child's card": Walk(("service-kia", "age-5-15", *TAKE)),
    "IKD": Walk(("service-ikd", "ikd-all", *TAKE)),
    "IKD without a phone": Walk(("service-ikd", "ikd-phone", "without-nik", VILLAGE)),
    "a family card, and priority": Walk(("service-kk", "without-nik", "priority", VILLAGE)),
    "a birth, and the survey": Walk(("service-birth", *TAKE, "mark-4"), "p.rate"),
    "an officer": Walk(("service-ask", *TAKE)),
    "several people": Walk(("service-kk", *TAKE, "another", "service-birth", "without-nik", "village-same"), ".family"),
    "found by its code": Walk(("find", "#code={code}", "find-go")),
    "found by a scanner": Walk(("scan {code}",)),
    "a dead printer": Walk(("service-kk", *TAKE, "no paper"), "#print.fault"),
}
PAUSED = {
    "waits all the same": Walk(("service-ktp_first", "recorded-no", "age-17+", *TAKE)),
    "another service": Walk(("service-ktp_early", "back", "service-ask", *TAKE)),
    "another day": Walk(("service-ktp_first", "another-day", "place-1", VILLAGE), LISTED),
    "jemput bola": Walk(("service-kk", "another-day", "place-outreach", VILLAGE), LISTED),
}
CLOSED = {
    "on the day it opens": Walk(("service-ktp_first", "another-day", "place-1", VILLAGE), LISTED),
    "a number all the same": Walk(("service-birth", *TAKE, "mark-4"), "p.rate"),
}
CORNERS = list(SCREENS.items())


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> Iterator[KioskProcess]:
    """An office that serves everything, and now."""
    with running(tmp_path_factory.mktemp("open"), prepare=serve_now) as started:
        yield started


@pytest.fixture(scope="module")
def closed(tmp_path_factory) -> Iterator[KioskProcess]:
    """An office that serves nobody today."""
    with running(tmp_path_factory.mktemp("closed"), prepare=close_now) as started:
        yield started


@pytest.fixture(scope="module")
def paused(tmp_path_factory) -> Iterator[KioskProcess]:
    """An office without SIAK, blank cards and power: nearly everything is disturbed."""
    with running(tmp_path_factory.mktemp("paused")) as started:
        with closing(open_store(started.home, SystemClock())) as store:
            for what in ("siak", "blanks", "power"):
                set_notice(store, load_office(started.home / "kiosk.toml"), what, by=1)
        yield started


@pytest.mark.parametrize("name", OPEN)
def test_every_path_of_an_open_office_ends_where_it_should(page, opened, name):
    take_both(page, opened, list(OPEN).index(name), OPEN[name])


@pytest.mark.parametrize("name", PAUSED)
def test_every_path_of_a_disturbed_office_ends_where_it_should(page, paused, name):
    take_both(page, paused, list(PAUSED).index(name), PAUSED[name])


@pytest.mark.parametrize("name", CLOSED)
def test_every_path_of_a_closed_office_ends_where_it_should(page, closed, name):
    take_both(page, closed, list(CLOSED).index(name) + 2, CLOSED[name])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_disturbed_office_shows_every_service_paper_and_answer_without_scrolling(page, paused, lang):
    hidden = {}
    for service in ("", "kk", "birth", "move", "change", "ktp_print", "ktp_first", "kia", "ikd"):
        page.goto(f"{paused.citizen}/?lang={lang}")
        if service:
            page.get_by_test_id(f"service-{service}").click()
            page.locator(".papers, .answers").wait_for()
        for name, (width, height) in SCREENS.items():
            page.set_viewport_size({"width": width, "height": height})
            hidden[service, name] = page.evaluate(OUT_OF_SIGHT)

    assert {where: found for where, found in hidden.items() if found} == {}


@pytest.mark.parametrize("service", ["ktp_lost", "kk", "kia"])
def test_with_larger_text_what_finds_a_number_again_is_in_sight_on_every_screen(page, opened, service):
    code, hidden = opened.take(service)["code"], []
    for name, (width, height) in SCREENS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{opened.citizen}/nomor/{code}?look=large")
        hidden += [(name, part) for part in (".qr", ".code") if not page.locator(part).evaluate(IN_SIGHT)]

    assert hidden == []


@pytest.mark.parametrize("screen", ["portrait", "hd", "laptop"])
def test_with_larger_text_every_service_and_every_village_is_in_sight(page, opened, screen):
    width, height = SCREENS[screen]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{opened.citizen}/?look=large")
    services = page.get_by_test_id("find").evaluate(IN_SIGHT)
    for touch in ("service-kk", "without-nik"):
        page.get_by_test_id(touch).click()

    assert services
    assert page.get_by_test_id("village-unknown").evaluate(IN_SIGHT)


def test_the_paths_begin_at_every_service_that_is_offered():
    assert {walk.touches[0] for walk in OPEN.values()} >= {f"service-{name}" for name in shipped_services().services}


def test_both_languages_meet_every_screen():
    met = {(lang, at(number, lang)) for number in range(len(OPEN)) for lang in LANGUAGES}

    assert len(met) == len(LANGUAGES) * len(SCREENS)


def at(number: int, lang: str) -> str:
    """The screen of a walk: another one in each language."""
    return CORNERS[(number + LANGUAGES.index(lang)) % len(CORNERS)][0]


def take_both(page: Page, kiosk: KioskProcess, number: int, walk: Walk) -> None:
    """A walk in both languages."""
    for lang in LANGUAGES:
        width, height = SCREENS[at(number, lang)]
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{kiosk.citizen}/?lang={lang}")
        code = kiosk.take("kk")["code"] if "{code}" in str(walk.touches) else ""
        hidden = [touch for touch in walk.touches if not step(page, kiosk, touch.format(code=code))]
        expect(page.locator(walk.end)).to_be_visible()

        assert page.locator("html").get_attribute("lang") == lang
        assert (hidden, page.evaluate(WIDER_THAN_SCREEN)) == ([], False), (width, height)


def step(page: Page, kiosk: KioskProcess, touch: str) -> bool:
    """One touch, as soon as its page stands; whether it was in sight without scrolling."""
    selector, typed, text = touch.partition("=")
    if typed:
        page.locator(selector).fill(text)
    elif touch.startswith("scan "):
        scan(page, touch.removeprefix("scan "))
    elif touch == "priority":
        page.locator("label.toggle").click()
    elif touch == "no paper":
        page.locator(NUMBER).wait_for()
        apsw.Connection(str(kiosk.home / "data/rekam.db")).execute("UPDATE visit SET print = 'failed'")
        page.reload()
    else:
        return click(page, touch)
    return True


def click(page: Page, touch: str) -> bool:
    """A touch that leads to another page, whose main part is another one."""
    button = page.locator(f"body:has(main:not([data-left])) [data-testid='{touch}']").first
    button.wait_for()
    page.wait_for_load_state()  # before its style has come nothing is where it will be
    is_in_sight = bool(button.evaluate(IN_SIGHT))
    page.get_by_test_id(touch).first.click()
    return is_in_sight
