"""One office with three officers and its kiosk as a real process, for browsers."""

from __future__ import annotations

import json
import os
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from agent.actions.officers import add_officer
from agent.clock import SystemClock
from agent.store.opening import open_store
from tests.builders import PIN, make_home
from tests.e2e.site import Program
from tests.patience import PATIENCE, wait_until
from tests.ports import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# What a browser may not do behind its user's back, and what it needs in a container.
CHROMIUM_ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Chromium speaks Indonesian where chromium-l10n is installed: dates as dd/mm/tttt.
INDONESIAN = {**os.environ, "LANGUAGE": "id"}
OFFICERS = {"Siti Rahma": "officer", "Budi Santoso": "supervisor", "Andi Wijaya": "technician", "Ratna Dewi": "camat"}


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that pictures are taken with."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_ARGS, env=INDONESIAN
        )
        yield browser
        browser.close()


class KioskProcess:
    """Where its pages are, and how to ask its API."""

    def __init__(self, home: Path, citizen: int, staff: int) -> None:
        self.home = home
        self.program = Program("kiosk", ["kiosk", "--config", str(home / "kiosk.toml")], home.parent)
        self.citizen = f"http://127.0.0.1:{citizen}"
        self.staff = f"http://127.0.0.1:{staff}"
        self.token = (home / "api.token").read_text().strip()
        self.requests = 0

    def start(self) -> None:
        """Start it, also again after a kill."""
        self.program.log.unlink(missing_ok=True)
        self.program.start()
        wait_until(lambda: "staff" in self.program.log.read_text(), "the kiosk listens")

    def post(self, base: str, path: str, body: dict) -> dict | None:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(f"{base}/api/v1/{path}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def take(self, service: str = "ktp_first", village: str = "64.02.05.2001", **more: object) -> dict:
        """A number by the API."""
        self.requests += 1
        body = {"service": service, "village": village, "request_id": f"r-{self.requests}", **more}
        return self.post(self.citizen, "tickets", body)

    def call(self, counter: int) -> dict:
        return self.post(self.staff, "calls", {"counter": counter})

    def finish(self, visit: str, outcome: str) -> dict:
        return self.post(self.staff, f"visits/{visit}/finish", {"outcome": outcome})


def add_newcomer(home: Path, name: str) -> str:
    """Add an officer; the one-time PIN."""
    with closing(open_store(home, SystemClock())) as store:
        return add_officer(store, name, "officer", random_bytes=os.urandom)


def train(home: Path) -> None:
    """Make an office a training; for `prepare`."""
    with (home / "kiosk.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[training]\non = true\n")


def serve_now(home: Path) -> None:
    """Office hours from 08.00 to well after now, every day of the week; for `prepare`."""
    here = datetime.fromtimestamp(SystemClock().wall_ms() / 1000, ZoneInfo("Asia/Makassar"))
    opens, closes = min("08:00", f"{here:%H}:00"), max("15:00", f"{min(here.hour + 4, 23):02}:30")
    set_hours(home, opens, closes)


def set_hours(home: Path, opens: str, closes: str) -> None:
    """Office hours, every day of the week."""
    days = '["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'
    with (home / "kiosk.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[hours]\nopen = "{opens}"\nclose = "{closes}"\ndays = {days}\n')


def close_now(home: Path) -> None:
    """An office that serves people on one day of the week only, three days from now; for `prepare`."""
    here = datetime.fromtimestamp(SystemClock().wall_ms() / 1000, ZoneInfo("Asia/Makassar"))
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(here.weekday() + 3) % 7]
    with (home / "kiosk.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[hours]\ndays = ["{day}"]\n')


@contextmanager
def running(
    folder: Path, *, sealing: bool = True, prepare: Callable[[Path], object] = lambda _home: None
) -> Iterator[KioskProcess]:
    """A kiosk that answers; stopped at the end. `prepare` gets its directory before it starts.

    It serves day and night unless `prepare` says otherwise: what a test sees does not depend on when it runs.
    """
    ports = free_port(), free_port()
    home = make_home(folder / "office", sealing=sealing, ports=ports).home
    prepare(home)
    if "\n[hours]\n" not in (home / "kiosk.toml").read_text():
        set_hours(home, "00:00", "23:59")
    store = open_store(home, SystemClock())
    for name, role in OFFICERS.items():
        add_officer(store, name, role, random_bytes=os.urandom, pin=PIN)
    store.close()
    kiosk = KioskProcess(home, *ports)
    try:
        kiosk.start()
        yield kiosk
    finally:
        kiosk.program.stop()
