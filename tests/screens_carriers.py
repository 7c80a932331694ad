"""Pictures of hand-over, refused records and the stick: part of `./run screens`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from playwright.sync_api import Page

from agent.clock import SystemClock
from agent.domain.mounts import Stick
from agent.requests import FIND_STICKS, Progress
from agent.store import handing, ledger
from agent.store.opening import open_store
from agent.wire.kinds import TicketTaken
from tests.builders import OFFICE, PIN
from tests.fakes import DAY
from tests.kiosk_process import KioskProcess, chromium, running, serve_now
from tests.screens import STAFF_SIZE, picture

GIGA = 1000**3
STICKS = [
    Stick("/media/rekam-sdb1", "Kingston DataTraveler 3.0", 16 * GIGA, 12 * GIGA, read_only=False),
    Stick("/media/rekam-sdc1", "SanDisk Cruzer", 4 * GIGA, GIGA // 7, read_only=True),
]


class Earlier(SystemClock):
    """The clock of some days ago."""

    days = 0

    def wall_ms(self) -> int:
        return super().wall_ms() - self.days * DAY


def main() -> int:
    """Take the pictures; 0."""
    with TemporaryDirectory() as folder, running(Path(folder), prepare=serve_now) as kiosk, chromium() as browser:
        a_week(kiosk)
        page = browser.new_page(viewport={"width": STAFF_SIZE[0], "height": STAFF_SIZE[1]})
        for name in pictures(page, kiosk):
            print(f"docs/screens/{name}.png")
    return 0


def a_week(kiosk: KioskProcess) -> None:
    """Six days of lines: most went by the link, some lie on a stick, some were passed over, three were refused."""
    clock = Earlier()
    with closing(open_store(kiosk.home, clock)) as store:
        for clock.days in range(6, -1, -1):
            with store.write():
                for place in range(130 + clock.days):
                    about = {"service": "ktp_first", "village": "64.02.05.2001", "office": OFFICE}
                    ledger.append(store, TicketTaken(day=7 - clock.days, ticket=f"A-{place:03d}", **about))
        end = ledger.tail(store, "enrollments")
        above = f'[{{"first":{end.n - 380},"last":{end.n - 300},"chain":"x"}}]'
        handing.note(store, end.stream, "link", 1, end.n - 250)
        handing.note(store, end.stream, "stick", end.n - 500, end.n - 60)
        with store.write():
            store.run(
                "UPDATE stream SET held = ?, also = ?, refused_total = 3 WHERE number = ?",
                end.n - 420,
                above,
                end.stream,
            )
            for n, code in ((12, "unknown-village"), (40, "unknown-village"), (300, "wrong-type")):
                store.run(
                    "INSERT INTO refused SELECT stream, n, ?, body FROM line WHERE stream = ? AND n = ?",
                    code, end.stream, n,
                )  # fmt: skip


def pictures(page: Page, kiosk: KioskProcess) -> Iterator[str]:
    """Hand-over and refused records, then the stick before and while it is written, and when it is full."""
    page.goto(f"{kiosk.staff}/masuk")
    page.locator("[name=name]").fill("Budi Santoso")
    page.locator("[name=pin]").fill(PIN)
    page.get_by_test_id("sign-in").click()
    page.locator(".bar").wait_for()
    for path, name in (
        ("laporan/serah-terima", "petugas-serah-terima"),
        ("laporan/serah-terima/ditolak", "petugas-ditolak"),
    ):
        page.goto(f"{kiosk.staff}/{path}")
        yield picture(page, name)
    full = Progress("failed", 1500, 4200, code="carrier-full")
    for progress, name in ((None, "1"), (Progress("working", 1500, 4200), "2-tulis"), (full, "3-penuh")):
        answer(kiosk, progress)
        page.goto(f"{kiosk.staff}/teknisi/stik")
        yield picture(page, f"teknisi-stik-{name}")


def answer(kiosk: KioskProcess, progress: Progress | None) -> None:
    """What an agent would have answered just now."""
    with closing(open_store(kiosk.home, SystemClock())) as store, store.write():
        now, made = store.clock.wall_ms(), "INSERT INTO request (kind, asked_t, done_t, result) VALUES (?, ?, ?, ?)"
        store.run(made, FIND_STICKS, now, now, msgspec.json.encode(STICKS).decode())
        if progress is not None:
            done = None if progress.state == "working" else now
            store.run(made, f"stick-out {STICKS[0].place}", now, done, msgspec.json.encode(progress).decode())


if __name__ == "__main__":
    sys.exit(main())
