"""Fixtures that several integration tests share."""

from __future__ import annotations

from tests.integration.central_desk import cluster, database_url, desk, kiosk  # noqa: F401 — pytest finds them here
