"""Ninety days without central, 200 visits on each: as quick as on the first, inside the disk, and all drains after."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from agent import sending
from agent.actions import handover
from agent.jobs import back_up, close_day, prune, sample_health
from agent.settings import HealthSettings, HoursSettings
from agent.store.models import bind
from kiosk_ui.app import create_app
from tests.builders import drawn
from tests.fakes import HOUR, MINUTE
from tests.rounds import of_machine
from tests.small_office import VILLAGE
from tests.wired_office import NIK, WiredOffice

DAYS, VISITS, ROUNDS = 90, 200, 90
EVERY_DAY = HoursSettings(days=("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
QUARTERS = HealthSettings(every=timedelta(minutes=15), summary=timedelta(minutes=15))
TOKEN = "a-token-of-the-bench"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
MOST_MB_A_DAY = 1.0  # of the database: docs/link.md
MOST_MB = 720  # with a week of copies
SLOWER, PAIRS = 1.2, 150  # a new office and the old one are asked in turns


class Offline:
    """An office whose pages are asked as people ask them, by a clock that a test moves."""

    def __init__(self, home: Path) -> None:
        self.wired = WiredOffice(home)
        settings = self.wired.office.settings
        self.wired.office.settings = msgspec.structs.replace(settings, hours=EVERY_DAY, health=QUARTERS)
        self.store, self.office, self.clock = self.wired.store, self.wired.office, self.wired.clock
        self.citizen, self.staff = (self.client(name) for name in ("citizen", "staff"))
        self.levels: dict[str, int] = {}

    def client(self, listener: str):
        given = {"secret": b"s", "api_token": TOKEN, "random_bytes": drawn(listener), "nudge": lambda home: True}
        return create_app(self.store, self.office, listener, **given).test_client()

    def day(self, number: int) -> None:
        """A day of visits, jobs and a night."""
        self.look(number)
        for each in range(VISITS):
            self.visit(f"{number}-{each}")
        self.look(number)
        assert self.staff.get("/api/v1/board", headers=BEARER).status_code == 200
        self.clock.forward(2 * HOUR)
        for _ in range(ROUNDS):
            sample_health.run(self.store, self.office, of_machine(self.store))
            self.clock.forward(10 * MINUTE)
        close_day.run(self.store, self.office)
        prune.run(self.store, self.office)
        back_up.run(self.store, self.office)
        self.clock.forward(24 * HOUR - 2 * HOUR - VISITS * 2 * MINUTE - ROUNDS * 10 * MINUTE)

    def look(self, number: int) -> None:
        """As the agent does every ten minutes; the day on which each step is told first."""
        self.levels.setdefault(handover.watch(self.store, self.office).level, number)

    def visit(self, name: str) -> float:
        body = {"service": "ktp_first", "village": VILLAGE, "nik": NIK, "request_id": name}
        self.clock.forward(2 * MINUTE)
        bind(self.store.database)  # models are of one process and one database; here are two
        begun = time.perf_counter()
        taken = self.citizen.post("/api/v1/tickets", json=body)
        called = self.staff.post("/api/v1/calls", json={"counter": 1}, headers=BEARER).get_json()
        done = {"outcome": "recorded"}
        ended = self.staff.post(f"/api/v1/visits/{called['visit']}/finish", json=done, headers=BEARER)
        seconds = time.perf_counter() - begun
        assert (taken.status_code, ended.status_code) == (201, 200), (taken.text, ended.text)
        return seconds

    def drain(self) -> int:
        """Send everything; how many batches that took."""
        batches = 0
        while self.wired.courier.send_next().more:
            batches += 1
        return batches


@pytest.fixture
def offline(tmp_path):
    made = Offline(tmp_path / "office")
    yield made
    made.wired.close()
    made.wired.remove()


def megabytes(folder: Path, pattern: str) -> float:
    return sum(file.stat().st_size for file in folder.glob(pattern) if file.is_file()) / 1e6


def medians(*offices: Offline) -> list[float]:
    """Seconds that a visit takes in each, in turns: whoever else uses this machine slows both."""
    taken = [[office.visit(f"last-{each}") for office in offices] for each in range(PAIRS)]
    return [statistics.median(seconds) for seconds in zip(*taken, strict=True)]


def test_ninety_days_without_central_slow_nothing_and_all_of_it_arrives(offline, tmp_path, capsys) -> None:
    for number in range(1, DAYS + 1):
        offline.day(number)
    data = offline.wired.home / "data"
    database, everything = megabytes(data, "rekam.db*"), megabytes(data, "**/*")
    fresh = Offline(tmp_path / "fresh")
    old_s, new_s = medians(offline, fresh)
    fresh.wired.close()
    bind(offline.store.database)
    unsent, begun = sending.unheld(offline.store), time.perf_counter()
    batches = offline.drain()
    with capsys.disabled():
        print(
            f"\na visit, three writes: {new_s * 1000:.1f} ms on the first day, {old_s * 1000:.1f} ms on day"
            f" {DAYS}, {old_s / new_s:.2f} x; database {database:.0f} MB, with a week of copies {everything:.0f} MB;"
            f" told {offline.levels}; {unsent} lines in {batches} batches, signed and checked in"
            f" {time.perf_counter() - begun:.0f} s"
        )

    assert old_s / new_s <= SLOWER
    assert database <= MOST_MB_A_DAY * DAYS
    assert everything <= MOST_MB
    assert [offline.levels[level] for level in ("officer", "supervisor", "sheet")] == [2, 4, 8]
    assert sending.unheld(offline.store) == 0
    assert offline.store.rows("SELECT count(*) FROM subject") == [(0,)]
    assert handover.watch(offline.store, offline.office).level == "none"
