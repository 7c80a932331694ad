"""Fixtures that several integration tests share."""

from __future__ import annotations

from tests.integration.central_desk import (  # noqa: F401 — pytest finds them here
    central_home,
    cluster,
    database_url,
    desk,
    kiosk,
    new_central,
)
