"""How long a report takes over a month of 4,000 visits and over a year of them: bars 0.5 s and 2 s.

The pages beside it (camat, coverage, rosters, busy days) show at most a month: 0.5 s.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from time import perf_counter

import msgspec
import pytest

from agent.actions import coverage, rosters
from agent.actions.officers import add_officer
from kiosk_ui.report_words import PATHS
from tests.builders import PIN, drawn
from tests.integration.kiosk.conftest import *  # noqa: F403 — the kiosk of the integration tests
from tests.integration.kiosk.steps import sign_in
from tests.report_log import KUKAR
from tests.visit_history import fill

BARS = {"2026-11-23": 0.5, "2026-11": 0.5, "2026": 2.0}
BESIDE = ("/laporan/camat", "/laporan/cakupan", "/sasaran", "/sasaran/1", "/lonjakan?masa=bulan", "/lini?masa=bulan")
FIGURES, PUPILS = 60, 1_000


@pytest.fixture
def supervisor(kiosk, staff):
    add_officer(kiosk.store, "Budi", "supervisor", random_bytes=os.urandom, pin=PIN)
    sign_in(staff, "Budi", PIN)
    return staff


def published(kiosk) -> None:
    """Figures of five years, and a roster of a school."""
    for month in range(FIGURES):
        day = date(2020, 1, 1) + timedelta(days=30 * month)
        figure = msgspec.structs.replace(KUKAR, snapshot=day, said_on=day, count=500_000 + month, percent=None)
        coverage.enter(kiosk.store, kiosk.office, figure, by=2, as_published=True)
    number = rosters.begin(
        kiosk.store, kiosk.office, rosters.Wanted("SMAN 1", "pupils", date(2028, 1, 1), 2), drawn()
    )  # fmt: skip
    names = [[f"Orang {chr(65 + n % 26)}{chr(65 + n // 26)}", "1-1-2007"] for n in range(PUPILS)]
    rosters.take_in(kiosk.store, kiosk.office, number, [["Nama", "Tanggal lahir"], *names])


def addresses() -> Iterator[tuple[str, float]]:
    """Every page and spreadsheet with its bar in seconds."""
    for period, bar in BARS.items():
        lists = [f"/laporan/daftar/{path}" for path in PATHS.values()]
        for path in ("/laporan", "/laporan/rekap.csv", *lists, *(f"{each}.csv" for each in lists)):
            yield f"{path}?period={period}", bar
    yield from ((path, 0.5) for path in BESIDE)


def test_reports_come_inside_their_bars(kiosk, supervisor):
    made = fill(kiosk.store, date(2026, 1, 1), days=327, per_day=135)
    published(kiosk)
    in_october = "SELECT count(*) FROM visit v JOIN queue_day q ON q.number = v.day WHERE date GLOB '2026-10*'"
    month = kiosk.store.rows(in_october)[0][0]

    took = {}
    for path, bar in addresses():
        begun = perf_counter()
        assert supervisor.get(path).status_code == 200, path
        took[path] = (perf_counter() - begun, bar)
    print(f"\n{made} visits in a year, {month} in a month")
    for path, (seconds, bar) in took.items():
        print(f"{path:45} {seconds:6.3f} s, bar {bar} s")

    assert [path for path, (seconds, bar) in took.items() if seconds > bar] == []
