"""Pictures of the counter's tasks for the officers' handbook, task by task."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from tests.builders import PIN
from tests.kiosk_process import KioskProcess, chromium, running, serve_now

NIK = "6402055501990001"
WAITING = (
    ("ktp_first", "64.02.05.2001"), ("kk", "64.02.05.2003"), ("ktp_first", "64.02.05.2008"), ("ikd", "64.02.05.2005"),
    ("ktp_first", "outside"), ("ktp_early", "64.02.05.2004"), ("ktp_first", "64.02.05.2002"), ("birth", "unknown"),
)  # fmt: skip


def main() -> int:
    """Take every picture; 0."""
    with TemporaryDirectory() as folder, running(Path(folder), prepare=serve_now) as kiosk, chromium() as browser:
        for service, village in WAITING:
            kiosk.take(service, village, nik=NIK)
        for name in (*counter(browser, kiosk), *lines(browser, kiosk)):
            print(f"docs/screens/{name}.png")
    return 0


def signed_in(browser: Browser, kiosk: KioskProcess, name: str) -> Page:
    """The page of somebody who just signed in."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(f"{kiosk.staff}/masuk")
    page.locator("[name=name]").fill(name)
    page.locator("[name=pin]").fill(PIN)
    page.get_by_test_id("sign-in").click()
    page.get_by_test_id("call-next").wait_for()
    return page


def counter(browser: Browser, kiosk: KioskProcess) -> Iterator[str]:
    """An officer's first minutes: where they sit, a number, its moves, a correction, the bell."""
    from tests.screens import picture

    page = signed_in(browser, kiosk, "Siti Rahma")
    yield picture(page, "petugas-loket-1-mulai")
    page.get_by_test_id("call-next").click()
    page.get_by_test_id("current-ticket").wait_for()
    yield picture(page, "petugas-loket-2-dipanggil")
    for word in ("Tahan dulu", "Pindah layanan", "Masukkan ke daftar"):
        page.locator(".moves summary").get_by_text(word).click()
    yield picture(page, "petugas-loket-3-langkah-lain")
    page.get_by_test_id("outcome-recorded").click()
    page.get_by_test_id("correct-open").click()
    page.get_by_test_id("correct").wait_for()
    yield picture(page, "petugas-loket-4-perbaiki")
    citizen = browser.new_page(viewport={"width": 1366, "height": 768})
    citizen.goto(kiosk.citizen)
    citizen.get_by_test_id("help").click()
    page.goto(f"{kiosk.staff}/loket")
    page.get_by_test_id("bell-answer").wait_for()
    yield picture(page, "petugas-loket-5-bel")
    page.goto(f"{kiosk.staff}/loket/nomor")
    page.get_by_test_id("give").click()
    page.get_by_test_id("given-ticket").wait_for()
    yield picture(page, "petugas-beri-nomor")
    page.goto(f"{kiosk.staff}/loket/kertas")
    page.locator("[name=time]").fill("0.01")
    page.locator("[name=outcome]").select_option("recorded")
    page.get_by_test_id("paper-save").click()
    page.get_by_role("status").wait_for()
    yield picture(page, "petugas-kertas")


def lines(browser: Browser, kiosk: KioskProcess) -> Iterator[str]:
    """A supervisor moves a line, looks after the lists and the accounts, and closes the day."""
    from tests.screens import picture

    page = signed_in(browser, kiosk, "Budi Santoso")
    page.goto(f"{kiosk.staff}/loket/antrean")
    yield picture(page, "petugas-antrean-1-semua")
    page.get_by_test_id("move-ktp_first").click()
    page.locator("[value=outreach]").check()
    page.locator("[name=reason]").select_option("siak")
    yield picture(page, "petugas-antrean-2-ke-mana")
    page.get_by_test_id("line-next").click()
    page.get_by_test_id("line-sure").wait_for()
    yield picture(page, "petugas-antrean-3-yakin")
    page.get_by_test_id("line-sure").click()
    page.goto(f"{kiosk.staff}/loket/daftar")
    yield picture(page, "petugas-daftar")
    page.get_by_test_id("paper-names").click()
    page.locator(".write").first.wait_for()
    yield picture(page, "petugas-daftar-lembar")
    page.goto(f"{kiosk.staff}/petugas")
    page.locator("[name=name]").last.fill("Rina Wati")
    page.get_by_test_id("add-officer").click()
    page.get_by_test_id("new-pin").wait_for()
    yield picture(page, "petugas-akun")
    page.goto(f"{kiosk.staff}/laporan")
    page.locator(".closing summary").click()
    page.get_by_test_id("close-day").scroll_into_view_if_needed()
    yield picture(page, "petugas-tutup-hari")
