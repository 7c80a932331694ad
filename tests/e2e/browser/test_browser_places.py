"""Every page of the table in places.py: axe-core finds nothing, and everything can be read and touched."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.browser.places import ADMIN, CAMAT, CENTRAL, CITIZEN, PLACES, TECHNICIAN, VISITS, Tour, touring
from tests.e2e.browser.test_browser_citizen import SCREENS, SMALL_TARGETS, SMALL_TEXT, WIDER_THAN_SCREEN

pytestmark = pytest.mark.needs("chromium")
LOOKS = ("", "contrast", "large")
EVERY_RULE = {"resultTypes": ["violations"], "rules": {"color-contrast-enhanced": {"enabled": True}}}
USUAL_RULES = {"resultTypes": ["violations"]}
CUT_OFF = """() => [...document.querySelectorAll('a, button, h1, h2, p, td, th')].filter(e => e.checkVisibility())
  .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth && getComputedStyle(e).display !== 'inline')
  .filter(e => !e.matches('.first-submit, .unseen')).map(e => 'cut off: ' + e.outerHTML.slice(0, 90))"""
SQUEEZED = """() => [...document.querySelectorAll('header.bar')].filter(e => e.clientWidth < document.body.clientWidth)
  .map(() => 'the bar does not reach across')"""
UNDER_THE_BAR = """() => { const bar = document.querySelector('.acts'); if (!bar) return [];
  scrollTo(0, document.documentElement.scrollHeight); const top = bar.getBoundingClientRect().top;
  const under = [...document.querySelectorAll('main *')].filter(e => e.checkVisibility() && !e.matches('.first-submit'))
    .filter(e => e.getBoundingClientRect().bottom > top + 1).map(e => 'under the bar: ' + e.outerHTML.slice(0, 90));
  scrollTo(0, 0); return under; }"""
UNSEEN_FOCUS = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), summary, select')]
  .filter(e => e.checkVisibility() && !e.disabled && !e.matches('.first-submit'))
  .filter(e => { e.focus({ focusVisible: true, preventScroll: true }); const look = getComputedStyle(e);
    return document.activeElement === e && look.boxShadow === 'none' && look.outlineStyle === 'none'; })
  .map(e => e.outerHTML.slice(0, 90))"""
MAIN_ASIDE = """() => { const bar = document.querySelector('.acts'), main = bar?.querySelector('.main');
  if (!main) return [];
  const end = bar.getBoundingClientRect().right - parseFloat(getComputedStyle(bar).paddingRight);
  return Math.abs(end - main.getBoundingClientRect().right) > 2 ? ['the main button is not at the right end'] : []; }"""
FROM_THE_TOP = """() => { const main = document.querySelector('main'); main.tabIndex = -1;
  scrollTo(0, 0); main.focus({ preventScroll: true });
  const scrolls = () => document.documentElement.scrollHeight > innerHeight + 1;
  return new Promise(laid => requestAnimationFrame(() => requestAnimationFrame(() => laid(scrolls())))); }"""
HIDDEN_BY_THE_BAR = """() => { const e = document.activeElement, bar = document.querySelector('.acts');
  if (e === document.body) return null;
  const box = e.getBoundingClientRect(), low = bar && !bar.contains(e) ? bar.getBoundingClientRect().top : innerHeight;
  return box.top < -1 || box.bottom > low + 1 ? e.outerHTML.slice(0, 90) : ''; }"""
LOADED = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .map(e => [new URL(e.name).hostname, e.transferSize])"""
FIRST_BYTES, LATER_BYTES = 80_000, 20_000
PHONE = (390, 844)
PHONES = (
    "report",
    "report-list",
    "coverage",
    "sign-in",
    *(place.name for place in PLACES if place.who in (TECHNICIAN, CAMAT)),
)
NAMES = [f"{place.name}-{lang}" for place, lang in VISITS]


@pytest.fixture(scope="module")
def tour(browser, tmp_path_factory):
    with touring(browser, tmp_path_factory.mktemp("tour")) as made:
        yield made


@pytest.fixture(scope="module", params=VISITS, ids=NAMES)
def visited(tour: Tour, request):
    """A page of the table and whose it is; opened once for all tests of it."""
    place, lang = request.param
    page = tour.open(place, lang)
    yield page, place.who
    page.close()


@pytest.fixture
def screens(request) -> dict[str, tuple[int, int]]:
    """The sizes that the page at hand is looked at in."""
    place, _ = request.node.callspec.params["visited"]
    return SCREENS | ({"phone": PHONE} if place.name in PHONES else {})


def violations(page: Page, rules: dict) -> list[str]:
    """What axe-core finds: the rule and the element."""
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


def look_like(page: Page, look: str) -> None:
    page.evaluate("look => { document.documentElement.className = look; }", look)


def test_a_page_is_in_the_language_that_was_asked_for(visited, request):
    page, who = visited
    lang = "en" if who in (CENTRAL, ADMIN) else request.node.callspec.params["visited"][1]

    assert page.evaluate("document.documentElement.lang") == lang


def test_axe_finds_nothing(visited, screens):
    page, who = visited
    found = []
    if "phone" in screens and page.evaluate("document.documentElement.lang") == "id":
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        found += violations(page, USUAL_RULES)
        page.set_viewport_size({"width": SCREENS["laptop"][0], "height": SCREENS["laptop"][1]})
    for look in LOOKS[:2] if who == CITIZEN else LOOKS[:1]:
        look_like(page, look)
        found += violations(page, EVERY_RULE if who == CITIZEN else USUAL_RULES)

    assert found == []


def test_everything_can_be_read_and_touched_on_every_screen(visited, screens):
    page, who = visited
    faults = {}
    for look in LOOKS if who == CITIZEN else LOOKS[:1]:
        look_like(page, look)
        for name, (width, height) in screens.items():
            page.set_viewport_size({"width": width, "height": height})
            faults[name, look] = faults_of(page, who)

    assert {where: found for where, found in faults.items() if found} == {}


def test_every_page_is_light_and_asks_nobody_else(visited, request):
    page, who = visited
    loaded = page.evaluate(LOADED)
    first = "welcome-id" in request.node.name
    most = FIRST_BYTES if first or who != CITIZEN else LATER_BYTES

    assert {host for host, _ in loaded} == {"127.0.0.1"}
    assert sum(size for _, size in loaded) <= most


def test_the_focus_is_seen_wherever_it_goes(visited):
    page, _ = visited

    assert page.evaluate(UNSEEN_FOCUS) == []


def test_what_the_tab_key_reaches_is_never_under_the_bar(visited, request):
    page, who = visited
    page.set_viewport_size({"width": 1024, "height": 600})
    hidden = {}
    for look in ("", "large") if who == CITIZEN and "-id-" in request.node.name else ():
        look_like(page, look)
        hidden[look] = [told for told in tabbed(page) if told]

    assert {look: found for look, found in hidden.items() if found} == {}


def tabbed(page: Page) -> list[str]:
    """What the Tab key comes to on a page that scrolls: empty where it is in sight, else the element."""
    told = []
    for _ in range(60 if page.evaluate(FROM_THE_TOP) else 0):
        page.keyboard.press("Tab")
        hidden = page.evaluate(HIDDEN_BY_THE_BAR)
        if hidden is None:
            break
        told.append(hidden)
    return told


def faults_of(page: Page, who: str) -> list[str]:
    """What is too small, cut off, or reached only by scrolling sideways."""
    found = ["wider than the screen"] if page.evaluate(WIDER_THAN_SCREEN) else []
    if who in (CENTRAL, ADMIN):
        return found
    found += (
        page.evaluate(SMALL_TEXT) + page.evaluate(UNDER_THE_BAR) + page.evaluate(MAIN_ASIDE) if who == CITIZEN else []
    )
    found += page.evaluate(SQUEEZED)
    return found + page.evaluate(CUT_OFF) + page.evaluate(SMALL_TARGETS, 64 if who == CITIZEN else 48)
