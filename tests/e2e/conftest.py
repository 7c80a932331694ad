"""Sites for stories: each test has an office and a central of its own, stopped at its end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.site import Site

MIDNIGHT = 5 * 60  # s: so long before its day ends, an office is not begun
QUICK = '[upload]\nevery = "1s"\nheartbeat = "5s"\n[health]\nevery = "1s"\nsummary = "5s"\n'


def pytest_runtest_setup() -> None:
    """These tests' offices live by the real clock: none begins just before its day is closed under it."""
    now = datetime.now(ZoneInfo("Asia/Makassar"))
    left_s = (24 * 60 - 60 * now.hour - now.minute) * 60 - now.second
    if left_s <= MIDNIGHT:
        threading.Event().wait(left_s + 1)


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    """A paired office that sends every second."""
    site = Site(tmp_path)
    site.make(QUICK)
    site.start()
    yield site
    site.stop()
