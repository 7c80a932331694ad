"""How long a report takes over a month of 4,000 visits and over a year of them: bars 0.5 s and 2 s."""

from __future__ import annotations

import os
from datetime import date
from time import perf_counter

import pytest

from agent.actions.officers import add_officer
from tests.builders import PIN
from tests.integration.kiosk.conftest import *  # noqa: F403 — the kiosk of the integration tests
from tests.integration.kiosk.steps import sign_in
from tests.visit_history import fill

BARS = {"2025-03-03": 0.5, "2025-03": 0.5, "2025": 2.0}


@pytest.fixture
def camat(kiosk, staff):
    add_officer(kiosk.store, "Pak Camat", "camat", random_bytes=os.urandom, pin=PIN)
    sign_in(staff, "Pak Camat", PIN)
    return staff


def test_reports_come_inside_their_bars(kiosk, camat):
    made = fill(kiosk.store, date(2025, 1, 1), days=365, per_day=120)

    took = {}
    for period in BARS:
        for path in ("/laporan", "/laporan/daftar", "/laporan/rekap.csv", "/laporan/daftar.csv"):
            begun = perf_counter()
            assert camat.get(f"{path}?period={period}").status_code == 200
            took[path, period] = perf_counter() - begun
    print(f"\n{made} visits in a year")
    for (path, period), seconds in took.items():
        print(f"{path:22} {period:12} {seconds:6.3f} s, bar {BARS[period]} s")

    assert [key for key, seconds in took.items() if seconds > BARS[key[1]]] == []
