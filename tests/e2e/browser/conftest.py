"""Debian's Chromium, and a kiosk for each test to look at."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.kiosk_process import CHROMIUM_ARGS, KioskProcess, running
from tests.patience import PATIENCE

Waits = TypeVar("Waits", BrowserContext, Page)
PATIENCE_MS = PATIENCE * 1000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a file; no browser is downloaded."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_ARGS, timeout=PATIENCE_MS
        )
        for name in ("new_context", "new_page"):
            setattr(started, name, patient(getattr(started, name)))
        yield started
        started.close()


def patient(opening: Callable[..., Waits]) -> Callable[..., Waits]:
    """The same, and what it opens waits as long for a page, an answer or an element as any test does."""

    def opened(**about: object) -> Waits:
        made = opening(**about)
        made.set_default_timeout(PATIENCE_MS)
        return made

    return opened


@pytest.fixture
def page(browser) -> Iterator[Page]:
    """A fresh tab that complains loudly: a blocked script, a missing file or an error in ours fails the test."""
    complaints: list[str] = []
    context = browser.new_context()
    opened = context.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.extend(heard(said)))
    yield opened
    context.close()
    assert complaints == []


def heard(said: ConsoleMessage) -> list[str]:
    """What is an error; a NIK that is asked again comes with status 422, offline is offline, and killed is killed."""
    usual = ("422", "ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET")
    expected = any(word in said.text for word in usual)
    return [said.text] if said.type == "error" and not expected else []


@pytest.fixture
def kiosk(tmp_path) -> Iterator[KioskProcess]:
    with running(tmp_path) as started:
        yield started
