"""The citizen's browser is heard by what it asks for, and programs that ask are no browser."""

from __future__ import annotations

import pytest

from agent import kiosk_pulse
from kiosk_ui.app import create_app
from tests.fakes import MINUTE
from tests.small_office import small_office, small_store


@pytest.fixture
def ask(tmp_path, clock):
    """Ask the citizen's listener for a path; the pulse that is left."""
    store = small_store(tmp_path, clock)
    app = create_app(
        store, small_office(tmp_path), "citizen", secret=b"s" * 32, api_token="t", random_bytes=bytes, nudge=bool
    )

    def asked(path: str, **headers: str) -> kiosk_pulse.Pulse:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        app.test_client().get(path, base_url="http://localhost", headers=sent).close()
        return kiosk_pulse.found(tmp_path)

    yield asked
    store.close()


def test_a_page_that_a_browser_asks_for_is_a_browser_heard(ask, clock):
    assert ask("/", Sec_Fetch_Site="none").heard == clock.boot_ms()


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v1/board"])
def test_a_program_that_looks_is_no_browser(ask, path):
    assert ask(path).heard is None


def test_what_the_process_costs_is_told_with_it(ask):
    assert ask("/healthz").cost["rss_bytes"] > 1_000_000


def test_the_pulse_is_left_seldom(ask, clock):
    first = ask("/", Sec_Fetch_Site="none").heard
    clock.forward(5_000)
    assert ask("/", Sec_Fetch_Site="none").heard == first

    clock.forward(MINUTE)
    pulse = ask("/", Sec_Fetch_Site="none")
    assert (pulse.first, pulse.heard) == (first, clock.boot_ms())
