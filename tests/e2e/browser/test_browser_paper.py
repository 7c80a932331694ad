"""A number whose paper comes late, or does not come."""

from __future__ import annotations

import apsw
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.needs("chromium")


def test_what_becomes_of_the_paper_is_told_in_place(page, kiosk):
    given = kiosk.take("kk")
    database = apsw.Connection(str(kiosk.home / "data/rekam.db"))
    database.execute("UPDATE visit SET print = 'pending'")
    page.goto(f"{kiosk.citizen}/nomor/{given['code']}")
    expect(page.locator("#print")).to_contain_text("Sedang mencetak")

    database.execute("UPDATE visit SET print = 'failed'")

    expect(page.locator("#print")).to_contain_text("Nomor tidak tercetak", timeout=10_000)
    expect(page.locator("body")).to_have_attribute("data-idle", "0")
