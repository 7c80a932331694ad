"""A number whose paper comes late, or does not come."""

from __future__ import annotations

import apsw
import pytest
from playwright.sync_api import expect

from tests.kiosk_process import running

pytestmark = pytest.mark.needs("chromium")


def test_what_becomes_of_the_paper_is_told_in_place(page, kiosk):
    given = kiosk.take("kk")
    database = apsw.Connection(str(kiosk.home / "data/rekam.db"))
    database.execute("UPDATE visit SET print = 'pending'")
    page.goto(f"{kiosk.citizen}/nomor/{given['code']}")
    expect(page.locator("#print")).to_contain_text("Sedang mencetak")

    database.execute("UPDATE visit SET print = 'failed'")

    expect(page.locator("#print")).to_contain_text("Nomor tidak tercetak")
    expect(page.locator("body")).to_have_attribute("data-idle", "0")


def through_the_browser(home) -> None:
    """An office whose only printer is the citizen's browser's."""
    with (home / "kiosk.toml").open("a") as settings:
        settings.write('\n[printer]\nkind = "browser"\n')


def test_where_only_the_browser_knows_a_printer_the_number_prints_itself(page, tmp_path):
    with running(tmp_path, prepare=through_the_browser) as kiosk:
        given = kiosk.take("kk")
        page.add_init_script("window.print = () => { window.printed = true; }")
        page.goto(f"{kiosk.citizen}/nomor/{given['code']}")
        page.get_by_test_id("print-here").click()
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 302, "height": 900})  # 80 mm

        assert page.evaluate("printed")
        for told in ("Kecamatan Muara Badak", "Kartu Keluarga (KK)", given["ticket"], "Gratis"):
            expect(page.get_by_text(told).first).to_be_visible()
        assert page.locator("button:visible, a:visible").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 302
