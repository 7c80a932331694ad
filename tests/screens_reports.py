"""Pictures of reports, coverage, the camat's page and rosters, for docs/panduan-petugas.md."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from playwright.sync_api import Browser

from agent.actions import coverage, rosters, stock
from agent.actions.day import local_now
from agent.actions.rosters import Wanted
from agent.clock import SystemClock, local
from agent.domain.coverage import Figure
from agent.office import load_office
from agent.store.opening import open_store
from tests.builders import PIN, drawn
from tests.kiosk_process import KioskProcess, chromium, running
from tests.screens import picture
from tests.screens_office import signed_in
from tests.visit_history import fill

PHONE = (390, 844)
PAGES = {
    "laporan?period=MONTH": "petugas-laporan-bulanan",
    "laporan/cakupan": "petugas-cakupan",
    "sasaran": "petugas-sasaran",
}
KUKAR = Figure(
    measure="recorded", count=557_385, base="wajib", of=559_031, percent=Decimal("99.71"), snapshot=date(2024, 11, 20),
    said_on=date(2024, 11, 20), source="Tribun Kaltim, 20 November 2024",
)  # fmt: skip
KOTIM = Figure(
    measure="recorded", count=300_110, base="wajib", of=308_309, left=8_199, left_percent=Decimal("3.66"),
    snapshot=date(2023, 3, 20), said_on=date(2023, 3, 20), source="ANTARA, 20 Maret 2023",
)  # fmt: skip


def main() -> int:
    """Take every picture; 0."""
    with (
        TemporaryDirectory() as folder,
        chromium() as browser,
        running(Path(folder), prepare=before_the_start) as kiosk,
    ):
        for name in pages(browser, kiosk):
            print(f"docs/screens/{name}.png")
    return 0


def before_the_start(home: Path) -> None:
    """Last month's visits and this month's up to today, figures that were published, a roster, some stock."""
    store, office = open_store(home, SystemClock()), load_office(home / "kiosk.toml")
    today = local_now(store, office)[0].date()
    first = last_month(today)
    fill(store, first, days=(today - first).days + 1, per_day=110)
    coverage.enter(store, office, KUKAR, by=2)
    coverage.enter(store, office, msgspec.structs.replace(KUKAR, measure="ikd", count=139_200, percent=None), by=2)
    coverage.enter(store, office, KOTIM, by=2, as_published=True)
    stock.receive(store, office, stock.Entry(item="blanks", amount=2_600, by=2, request_id="first"))
    until = local_now(store, office)[0].date() + timedelta(days=90)
    number = rosters.begin(store, office, Wanted("Siswa SMAN 1 Muara Badak", "pupils", until, 2), drawn())
    names = [[f"Orang {chr(65 + n % 26)}{chr(65 + n // 26)}", "1-1-2007"] for n in range(212)]
    rosters.take_in(store, office, number, [["Nama", "Tanggal lahir"], *names])
    store.close()


def last_month(today: date) -> date:
    """The first day of the month before."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def pages(browser: Browser, kiosk: KioskProcess) -> Iterator[str]:
    """Each page as the supervisor sees it, the camat's on a telephone."""
    month = f"{last_month(local(SystemClock().wall_ms(), 'Asia/Makassar').date()):%Y-%m}"
    page = signed_in(browser, kiosk.staff, "Budi Santoso", PIN)
    for path, name in PAGES.items():
        page.goto(f"{kiosk.staff}/{path.replace('MONTH', month)}")
        yield picture(page, name)
    page.close()
    page = signed_in(browser, kiosk.staff, "Ratna Dewi", PIN)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto(f"{kiosk.staff}/laporan/camat")
    yield picture(page, "camat")
    page.close()


if __name__ == "__main__":
    sys.exit(main())
