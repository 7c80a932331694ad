"""Pictures of every screen in docs/screens/: `./run screens`."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page

from tests import technician_day
from tests.builders import PIN
from tests.kiosk_process import KioskProcess, chromium, running, serve_now

FOLDER = Path(__file__).parents[1] / "docs/screens"
SIZES = {"laptop": (1366, 768), "potret": (1080, 1920), "kecil": (1024, 600), "lebar": (1920, 1080)}
LOOKS = {"besar": "look=large", "kontras": "look=contrast", "english": "lang=en"}
COLOURS = 64  # of a picture; its text stays sharp and its file small
STAFF_SIZE = (1366, 768)
SHOWN = {  # by the walk to a number
    "welcome", "ask-recorded", "ask-age", "papers", "nik", "nik-faulty", "birth-date", "village", "number",
    "papers-disturbed",
}  # fmt: skip
OWNERS = {
    "citizen": "warga-lain", "central": "pusat", "admin": "pusat", "supervisor": "petugas-lain",
    "newcomer": "petugas-lain", "at-screen": "teknisi-lain", "technician": "teknisi-lain",
}  # fmt: skip
STAFF_ALONE = {"pin", "sign-in-at-screen", "report-list", "handover-sheet", "not-allowed"}  # no handbook shows them
NIK = "6402055501990001"
WAITING = (
    ("ktp_first", "64.02.05.2001"), ("kk", "64.02.05.2003"), ("ktp_print", "outside"), ("ikd", "64.02.05.2005"),
    ("ktp_first", "64.02.05.2008"), ("birth", "64.02.05.2002"), ("change", "unknown"), ("ktp_early", "64.02.05.2004"),
)  # fmt: skip


def main() -> int:
    """Take every picture; 0."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with TemporaryDirectory() as folder, running(Path(folder), prepare=serve_now) as kiosk, chromium() as browser:
        for service, village in WAITING:
            kiosk.take(service, village)
        for name in (*citizens(browser, kiosk), *staff(browser, kiosk), *technician(browser, kiosk)):
            print(f"docs/screens/{name}.png")
        for name in every_other_page(browser, Path(folder) / "tour"):
            print(f"docs/screens/{name}.png")
    from tests import screens_carriers, screens_counter, screens_office, screens_reports

    others = (screens_counter, screens_office, screens_reports, screens_carriers)
    return next((status for each in others if (status := each.main())), 0)


def picture(page: Page, name: str) -> str:
    """One picture; its name."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    with Image.open(io.BytesIO(page.screenshot())) as shot:
        shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
    return name


def open_page(browser: Browser, size: tuple[int, int], address: str) -> Page:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(address)
    return page


def citizens(browser: Browser, kiosk: KioskProcess) -> Iterator[str]:
    """The way to a number, its first and last page on every size, and what a citizen can change of the look."""
    for label, size in SIZES.items():
        page = open_page(browser, size, kiosk.citizen)
        for step, name in enumerate(steps(page), 1):
            if label == "laptop" or name in ("layanan", "nomor"):
                yield picture(page, f"warga-{label}-{step}-{name}")
        page.close()
    for label, asked in LOOKS.items():
        yield picture(open_page(browser, SIZES["laptop"], f"{kiosk.citizen}/?{asked}"), f"warga-laptop-{label}")
    page = browser.new_page(viewport={"width": 1366, "height": 768}, reduced_motion="reduce")
    page.clock.install()
    page.goto(kiosk.citizen)
    page.clock.run_for(75_000)
    yield picture(page, "warga-laptop-diam")


def every_other_page(browser: Browser, folder: Path) -> Iterator[str]:
    """A picture of each page that the look checks visit and that no walk and no day shows."""
    from tests.e2e.browser.places import ADMIN, CENTRAL, CITIZEN, PLACES, touring

    with touring(browser, folder) as tour:
        for place in PLACES:
            others = place.who in (CITIZEN, CENTRAL, ADMIN) and place.name not in SHOWN
            if not others and place.name not in STAFF_ALONE:
                continue
            page = tour.open(place)
            yield picture(page, f"{OWNERS[place.who]}-{place.name}")
            page.close()


def steps(page: Page) -> Iterator[str]:
    """Touches from page to page; the name of each as soon as it stands."""
    yield "layanan"
    page.get_by_test_id("service-ktp_first").click()
    page.get_by_test_id("recorded-no").wait_for()
    yield "pernah-direkam"
    page.get_by_test_id("recorded-no").click()
    page.get_by_test_id("age-16").wait_for()
    yield "usia"
    page.get_by_test_id("age-17+").click()
    page.get_by_test_id("with-nik").wait_for()
    yield "data"
    page.get_by_test_id("with-nik").click()
    page.locator("#nik").fill("6402055")
    page.get_by_test_id("nik-next").click()
    page.get_by_role("alert").get_by_text("16").wait_for()
    yield "nik"
    page.locator("#nik").fill(NIK)
    page.get_by_test_id("nik-next").click()
    page.get_by_test_id("nik-correct").wait_for()
    yield "tanggal-lahir"
    page.get_by_test_id("nik-correct").click()
    page.locator("[name=priority]").check()
    yield "desa"
    page.get_by_test_id("village-64.02.05.2001").click()
    page.get_by_test_id("ticket-number").wait_for()
    yield "nomor"


def staff(browser: Browser, kiosk: KioskProcess) -> Iterator[str]:
    """Counter, board, report and the technician's page in the middle of a morning."""
    for outcome in ("recorded", "incomplete_papers", "handed_over", "no_show"):
        kiosk.finish(kiosk.call(2)["visit"], outcome)
    kiosk.call(2)
    page = open_page(browser, STAFF_SIZE, f"{kiosk.staff}/masuk")
    yield picture(page, "petugas-1-masuk")
    page.locator("[name=name]").fill("Budi Santoso")
    page.locator("[name=pin]").fill(PIN)
    page.get_by_test_id("sign-in").click()
    page.get_by_test_id("counter-1").wait_for()
    page.goto(f"{kiosk.staff}/loket/pilih")
    yield picture(page, "petugas-2-pilih-loket")
    page.get_by_test_id("counter-1").click()
    kiosk.take("kk", "64.02.05.2003", nik=NIK, priority=True)
    page.get_by_test_id("call-next").click()
    page.get_by_test_id("current-ticket").wait_for()
    yield picture(page, "petugas-3-loket")
    page.locator("#notices summary").click()
    yield picture(page, "petugas-5-kabar")
    page.get_by_test_id("notice-blanks").click()
    page.locator(".told").wait_for()
    for path, name in (("laporan", "petugas-4-laporan"), ("papan", "papan")):
        page.goto(f"{kiosk.staff}/{path}")
        yield picture(page, name)
    page.goto(kiosk.citizen)
    page.get_by_test_id("service-ktp_print").click()
    page.wait_for_url("**/data*")
    yield picture(page, "warga-laptop-gangguan")
    page.close()


def technician(browser: Browser, kiosk: KioskProcess) -> Iterator[str]:
    """The machine's pages for the technicians' handbook, after a day with a few faults."""
    technician_day.play(kiosk)
    page = open_page(browser, STAFF_SIZE, f"{kiosk.staff}/masuk")
    page.locator("[name=name]").fill("Andi Wijaya")
    page.locator("[name=pin]").fill(PIN)
    page.get_by_test_id("sign-in").click()
    page.wait_for_url("**/teknisi")
    yield picture(page, "teknisi-1-sekarang")
    page.goto(f"{kiosk.staff}/teknisi/alat/camera")
    page.locator(".plot canvas").first.wait_for()
    yield picture(page, "teknisi-2-alat")
    page.goto(f"{kiosk.staff}/teknisi/uji")
    yield picture(page, "teknisi-3-uji")
    for path, name in (("jaringan", "teknisi-lain-jaringan"), ("catatan", "teknisi-lain-catatan")):
        page.goto(f"{kiosk.staff}/teknisi/{path}")
        yield picture(page, name)
    technician_day.suspend(kiosk)
    page.goto(kiosk.citizen)
    yield picture(page, "teknisi-4-dihentikan")
    page.goto(f"{kiosk.staff}/teknisi/anjungan")
    yield picture(page, "teknisi-lain-anjungan")
    page.close()


if __name__ == "__main__":
    sys.exit(main())
