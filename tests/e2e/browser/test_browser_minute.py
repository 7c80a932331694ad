"""A citizen without a NIK has a number within 8 touches and 60 seconds, for every service in both languages.

What a second is, is a model and not a stopwatch. Every page is read from its top to what is touched, at 200 words a
minute; a touch takes 1.2 s. A text that stood on an earlier page is not read again. What stands after the touched
choice (other services, other villages) is not read, nor is the bar of tools, which stands on every page, and the
citizen lives in the middle of the list of villages. Both figures are assumptions: 200 is below the 238 words a minute
that Brysbaert's review of 190 studies found for silent reading (Journal of Memory and Language 109, 2019), to leave
room for slow readers; 1.2 s is a reach of the arm and the wait for the next page.
What is disturbed just now, or that the office closes soon, depends on the day and is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.browser.places import LANGUAGES
from tests.kiosk_process import KioskProcess, running

pytestmark = pytest.mark.needs("chromium")
WORDS_PER_S, TOUCH_S = 200 / 60, 1.2
MOST_TOUCHES, MOST_S = 8, 60.0
VILLAGE = "village-64.02.05.2001"  # in the middle of the list, as a citizen lives on average
TO_THE_TOUCH = """touched => [...document.querySelectorAll('main, main *, .acts, .acts *')]
  .filter(e => e.checkVisibility() && !e.closest('.disturbed, form:has([data-testid=another-day])'))
  .flatMap(e => [...e.childNodes].filter(n => n.nodeType === 3))
  .filter(n => touched.contains(n) || touched.compareDocumentPosition(n) & Node.DOCUMENT_POSITION_PRECEDING)
  .map(n => n.data.replace(/\\s+/g, ' ').trim())"""
# The answers of those who need the service; the longest way to a recording has every question in it.
WALKS = {
    "ktp_first": ("recorded-no", "age-17+"),
    "ktp_first, married at 16": ("recorded-no", "age-16", "married-yes"),
    "ktp_early": ("recorded-no", "age-16", "married-no"),
    "ktp_print": (),
    "ktp_lost": (),
    "change": (),
    "move": (),
    "kia": ("age-5-15",),
    "ikd": ("ikd-all",),
    "kk": (),
    "birth": (),
    "ask": (),
}


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Iterator[KioskProcess]:
    """One kiosk for all walks."""
    with running(tmp_path_factory.mktemp("minute")) as started:
        yield started


def count(text: str) -> int:
    """The words of a text; a sign that stands alone is none."""
    return sum(any(letter.isalnum() for letter in word) for word in text.split())


def walked(page, address: str, touches: tuple[str, ...]) -> list[int]:
    """The words that are read on each page up to the number; a page is another one when its main part is."""
    page.goto(address)
    words, seen = [], set()
    for touch in touches:
        page.locator(f"body:has(main:not([data-read])) [data-testid='{touch}']").first.wait_for()
        page.evaluate("document.querySelector('main').dataset.read = '1'")
        button = page.get_by_test_id(touch).first
        texts = set(button.evaluate(TO_THE_TOUCH))
        words.append(sum(map(count, texts - seen)))
        seen |= texts
        button.click()
    page.get_by_test_id("ticket-number").wait_for()
    return words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_citizen_has_a_number_in_a_minute_and_eight_touches(page, office, lang):
    slow = {}
    for walk, answers in WALKS.items():
        touches = (f"service-{walk.partition(',')[0]}", *answers, "without-nik", VILLAGE)
        words = walked(page, f"{office.citizen}/?lang={lang}", touches)
        seconds = sum(words) / WORDS_PER_S + len(touches) * TOUCH_S
        print(f"{seconds:5.1f} s  {len(touches)} touches  {words} words  {walk} {lang}")
        if len(touches) > MOST_TOUCHES or seconds > MOST_S:
            slow[walk] = (seconds, words)

    assert slow == {}
