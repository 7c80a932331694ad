"""The waiting room's board while what stands behind it is killed, slow or silent."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from agent.actions.notices import set_notice
from agent.clock import SystemClock
from agent.office import load_office
from agent.store.opening import open_store
from tests.e2e.browser.test_browser_citizen import SCREENS
from tests.e2e.browser.test_browser_counter import short_sound

pytestmark = pytest.mark.needs("chromium")
ENDLESS = "HTMLMediaElement.prototype.play = async function () { return undefined; };"  # plays, and never ends


def call(kiosk, counter: int) -> None:
    kiosk.take()
    kiosk.call(counter)


def board(page: Page, kiosk) -> list[str]:
    """The board open and touched once, so that it may sound; the numbers of the calls that it asked for, in order."""
    asked: list[str] = []
    page.route("**/papan/suara/*", lambda route: (
        asked.append(route.request.url.rpartition("/")[2]) if route.request.method == "GET" else None,
        route.fulfill(body=short_sound(), content_type="audio/wav")))  # fmt: skip
    page.goto(f"{kiosk.staff}/papan")
    page.locator("#clock").click()
    return asked


@pytest.fixture
def quiet_page(browser):
    """A tab that may hear of a server that is gone."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_the_board_outlives_a_kill_of_what_is_behind_it(quiet_page, kiosk):
    call(kiosk, 3)
    asked = board(quiet_page, kiosk)
    kiosk.program.kill()
    expect(quiet_page.locator("#stale")).to_contain_text("belum diperbarui selama")
    expect(quiet_page.get_by_test_id("board-ticket")).to_have_text("A-001")

    kiosk.start()
    call(kiosk, 2)

    expect(quiet_page.get_by_test_id("board-ticket")).to_have_text("A-002")
    expect(quiet_page.locator("#stale")).to_be_hidden()
    assert "1" not in asked


def test_a_call_is_not_lost_while_the_office_restarts(quiet_page, kiosk):
    page, down = quiet_page, [True]
    page.route("**/papan/suara/*", lambda route: route.abort() if down[0] else route.fulfill(
        body=short_sound(), content_type="audio/wav"))  # fmt: skip
    page.goto(f"{kiosk.staff}/papan")
    page.locator("#clock").click()
    with page.expect_event("requestfailed"):
        call(kiosk, 1)

    with page.expect_response("**/papan/suara/1"):
        down[0] = False


def test_a_player_that_never_ends_does_not_silence_the_next_call(page, kiosk):
    page.add_init_script(ENDLESS)
    page.clock.install()
    page.goto(f"{kiosk.staff}/papan")
    for counter in (1, 2):
        call(kiosk, counter)
    with page.expect_request(lambda request: is_played(request, 1)):
        page.clock.run_for(3_500)

    with page.expect_request(lambda request: is_played(request, 2)):
        page.clock.run_for(33_000)


def is_played(request, number: int) -> bool:
    return request.method == "GET" and request.url.endswith(f"/papan/suara/{number}")


def test_calls_from_before_the_board_was_opened_are_not_spoken(page, kiosk):
    call(kiosk, 1)
    asked = board(page, kiosk)

    with page.expect_response("**/papan/suara/2"):
        call(kiosk, 2)

    assert "1" not in asked


def test_an_offices_own_clips_are_heard_instead_of_the_voice(page, kiosk):
    from kiosk_ui import speech

    call(kiosk, 1)
    (kiosk.home / "clips").mkdir()
    for name in speech.clips("A-001", 1):
        (kiosk.home / f"clips/{name}.wav").write_bytes(short_sound())

    answer = page.request.get(f"{kiosk.staff}/papan/suara/1")

    assert len(answer.body()) == len(speech.joined(kiosk.home / "clips", speech.clips("A-001", 1)))


OVERLAPS = """() => { const said = document.getElementById('said').getBoundingClientRect();
  const calls = [...document.querySelectorAll('#calls p')].map(e => e.getBoundingClientRect().bottom);
  return Math.max(...calls) > said.top + 1 || said.bottom > innerHeight + 1; }"""


def test_four_notices_lie_over_no_call_on_any_screen(page, kiosk):
    store, office = open_store(kiosk.home, SystemClock()), load_office(kiosk.home / "kiosk.toml")
    for what in ("siak", "set", "blanks", "power"):
        set_notice(store, office, what, by=1)
    store.close()
    for counter in range(1, 6):
        call(kiosk, counter)
    page.goto(f"{kiosk.staff}/papan")

    covered = []
    for name, (width, height) in SCREENS.items():
        page.set_viewport_size({"width": width, "height": height})
        covered += [name] if page.evaluate(OVERLAPS) else []

    assert covered == []


def test_the_age_of_the_board_is_told_in_hours_when_it_is_hours(page, kiosk):
    call(kiosk, 1)
    page.clock.install()
    page.goto(f"{kiosk.staff}/papan")
    page.context.set_offline(True)

    page.clock.fast_forward("03:05:00")
    page.clock.run_for(20_000)

    expect(page.locator("#stale")).to_contain_text("selama 3 jam, sejak")
