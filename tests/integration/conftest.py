"""Fixtures that several integration tests share."""

from __future__ import annotations

import pytest

from tests.fakes import FakeClock
from tests.integration.central_desk import (  # noqa: F401 — pytest finds them here
    central_home,
    cluster,
    database_url,
    desk,
    kiosk,
    new_central,
)
from tests.small_office import small_office, small_store
from tests.watched_office import Site


@pytest.fixture
def clock():
    """A morning that moves only when it is told to."""
    return FakeClock()


@pytest.fixture
def store(tmp_path, clock):
    """A new office's database."""
    store = small_store(tmp_path, clock)
    yield store
    store.close()


@pytest.fixture
def office(tmp_path):
    """The office of Muara Badak in the same directory."""
    return small_office(tmp_path)


@pytest.fixture
def site(tmp_path):
    """An office that is looked at each minute."""
    site = Site(tmp_path)
    yield site
    site.store.close()
