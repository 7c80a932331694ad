"""Pictures of the office's own work, for docs/panduan-petugas.md; `./run screens` takes them after the others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from agent.actions import day, lists, stock
from agent.actions import tickets as numbers
from agent.clock import SystemClock
from agent.office import load_office
from agent.store.opening import open_store
from agent.wire import jose, pairing
from agent.wire import trips as wire
from tests.builders import PIN, drawn
from tests.e2e.site import Program
from tests.kiosk_process import KioskProcess, chromium, running, serve_now
from tests.patience import wait_until
from tests.ports import free_port
from tests.screens import STAFF_SIZE, open_page, picture

VOTE = """
[[election]]
name = { id = "Contoh pemungutan suara", en = "Example of a vote" }
voting_date = DATE
age_reference_date = DATE
area = "64.02"
source = "contoh untuk gambar ini"
checked = 2026-11-22
"""
SERVICES = ("ktp_first", "ktp_early", "ktp_first", "kk", "change", "move", "ktp_print", "ktp_print")
REASONS = ("moved", "married", "changed", "first", "other")
FAR = "64.02.05.2008"
LAPTOP_TRIPS = (
    ("64.02.05.2009", "Balai Desa", "village", 31),
    ("64.02.05.2004", "SMKN 2", "school", 64),
)
PAGES = {
    "lonjakan": "petugas-keramaian",
    "lini": "petugas-dua-lini",
    "stok": "petugas-stok",
    "pemilu": "petugas-pemilu",
}


def main() -> int:
    """Take every picture; 0."""
    with (
        TemporaryDirectory() as folder,
        chromium() as browser,
        running(Path(folder) / "a", prepare=before_the_start) as kiosk,
    ):
        busy_morning(kiosk)
        told(office_work(browser, kiosk))
        told(training(browser, kiosk, Path(folder)))
    return 0


def told(names: Iterator[str]) -> None:
    for name in names:
        print(f"docs/screens/{name}.png")


def before_the_start(home: Path) -> None:
    """Eight usual days behind, a day of voting ahead."""
    vote = (date.fromtimestamp(SystemClock().wall_ms() / 1000) + timedelta(days=105)).isoformat()  # noqa: DTZ012
    with (home / "elections.toml").open("a") as file:
        file.write(VOTE.replace("DATE", vote))
    serve_now(home)
    store, office, luck = open_store(home, SystemClock()), load_office(home / "kiosk.toml"), Random(1)
    for back in range(12, 0, -1):
        for n in range(luck.randint(8, 12)):
            asked = numbers.TicketRequest(service="kk", village=FAR, request_id=f"{back} {n}", by=1)
            numbers.take_ticket(store, office, asked, drawn(f"{back} {n}"))
        day.close_day(store, 1)
        with store.write():
            store.run("UPDATE queue_day SET date = date(date, ?) WHERE number = ?", f"-{back} days", 13 - back)
    stock.count(store, office, stock.Entry(item="blanks", amount=40, by=1, request_id="first"))
    stock.receive(store, office, stock.Entry(item="ribbon", amount=1000, by=1, request_id="ribbon"))
    entry = stock.Entry(item="blanks", amount=2, by=1, request_id="spoiled", reason="misprint")
    stock.spoil(store, office, entry)
    store.close()


def busy_morning(kiosk: KioskProcess) -> None:
    """Twice the usual number of people, some of them served already."""
    luck = Random(2)
    for _ in range(24):
        kiosk.take(luck.choice(SERVICES), f"64.02.05.20{luck.randint(1, 13):02d}")
    for _ in range(14):
        visit = kiosk.call(1)
        outcome = "handed_over" if visit["service"] == "ktp_print" else "recorded"
        kiosk.post(kiosk.staff, f"visits/{visit['visit']}/finish", {"outcome": outcome, "reason": luck.choice(REASONS)})
    store, office = open_store(kiosk.home, SystemClock()), load_office(kiosk.home / "kiosk.toml")
    for _ in range(3):
        lists.put_on_list(store, office, kiosk.take("ktp_first", FAR)["visit"], "outreach")
    store.close()


def signed_in(browser: Browser, staff: str, name: str, pin: str) -> Page:
    page = open_page(browser, STAFF_SIZE, f"{staff}/masuk")
    page.locator("[name=name]").fill(name)
    page.locator("[name=pin]").fill(pin)
    page.get_by_test_id("sign-in").click()
    page.locator(".bar nav a").first.wait_for()
    return page


def office_work(browser: Browser, kiosk: KioskProcess) -> Iterator[str]:
    """Busy days, lines of work, stock, elections, and a trip from its opening to its summary."""
    page = signed_in(browser, kiosk.staff, "Budi Santoso", PIN)
    for path, name in PAGES.items():
        page.goto(f"{kiosk.staff}/{path}")
        yield picture(page, name)
    page.goto(f"{kiosk.staff}/jemput-bola?desa={FAR}")
    page.locator("#purpose").select_option("school")
    page.locator("#place").fill("SMAN 1 Muara Badak")
    yield picture(page, "petugas-jemput-bola-1-buka")
    page.get_by_test_id("trip-open").click()
    for service in ("ktp_early", "ktp_early", "ktp_first"):
        kiosk.take(service, FAR)
    page.goto(f"{kiosk.staff}/jemput-bola")
    yield picture(page, "petugas-jemput-bola-2-daftar")
    page.locator(".closing summary").click()
    page.get_by_test_id("trip-close").click()
    page.get_by_test_id("trip-total").wait_for()
    yield picture(page, "petugas-jemput-bola-3-ringkasan")
    bring_laptops_file(page, kiosk)
    yield picture(page, "petugas-jemput-bola-4-laptop")
    page.close()


def bring_laptops_file(page: Page, kiosk: KioskProcess) -> None:
    """A supervisor reads the file of two trips of the kit's laptop."""
    laptop, today = jose.new_key(), date.fromtimestamp(SystemClock().wall_ms() / 1000)  # noqa: DTZ012
    ledger = f"{laptop.thumbprint()}.aaaaaaaa"
    trips = tuple(
        wire.Trip(ledger, n, village, place, purpose, (today - timedelta(days=n)).isoformat(), people, closed=True)
        for n, (village, place, purpose, people) in enumerate(LAPTOP_TRIPS, 1)
    )
    told = wire.Trips(trips, {trip.village: trip.date for trip in trips})
    file = wire.sign_file(wire.TripFile(1, "64.02.05", 0, told), laptop)
    page.goto(f"{kiosk.staff}/jemput-bola/laptop")
    named = {"name": "laptop.trips", "mimeType": "application/jose", "buffer": file.encode()}
    page.locator("#file").set_input_files(named)
    page.locator("#code").fill(pairing.code(laptop.thumbprint()))
    page.get_by_test_id("trip-file").click()
    page.get_by_test_id("told-trips").wait_for()
    page.goto(f"{kiosk.staff}/jemput-bola/laptop")


def training(browser: Browser, kiosk: KioskProcess, folder: Path) -> Iterator[str]:
    """Invented people, and the citizen's screen in the colour of a training."""
    ports = free_port(), free_port()
    words = ["--config", str(kiosk.home / "kiosk.toml"), "--citizen-port", str(ports[0]), "--staff-port", str(ports[1])]
    program = Program("training", ["training", *words], folder)
    program.start()
    try:
        wait_until(lambda: "rekam kiosk" in program.log.read_text(), "the training listens")
        page = signed_in(browser, f"http://127.0.0.1:{ports[1]}", "Petugas Latihan", "204060")
        page.goto(f"http://127.0.0.1:{ports[1]}/latihan")
        page.get_by_test_id("all-come").click()
        yield picture(page, "latihan-orang-contoh")
        page.goto(f"http://127.0.0.1:{ports[0]}/")
        yield picture(page, "latihan-warga")
        page.close()
    finally:
        program.stop()


if __name__ == "__main__":
    sys.exit(main())
