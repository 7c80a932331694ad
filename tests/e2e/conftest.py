"""Sites for stories: each test has an office and a central of its own, stopped at its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.site import Site

QUICK = '[upload]\nevery = "1s"\nheartbeat = "5s"\n[health]\nevery = "1s"\nsummary = "5s"\n'


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    """A paired office that sends every second."""
    site = Site(tmp_path)
    site.make(QUICK)
    site.start()
    yield site
    site.stop()
