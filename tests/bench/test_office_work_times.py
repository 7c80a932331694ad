"""How long the pages of the office's own work take after a year of 120 visits a day: bar 0.5 s each."""

from __future__ import annotations

import os
from datetime import date, timedelta
from time import perf_counter

import pytest

from agent.actions import stock
from agent.actions.officers import add_officer
from tests.builders import PIN
from tests.integration.kiosk.conftest import *  # noqa: F403 — the kiosk of the integration tests
from tests.integration.kiosk.steps import sign_in
from tests.visit_history import fill

BAR_S = 0.5
PAGES = (
    "/stok", "/lonjakan", "/lonjakan?masa=bulan", "/lini", "/lini?masa=bulan", "/jemput-bola", "/pemilu",
    "/pemilu/2025-04-19.64.02", "/pemilu/2025-04-19.64.02/kpu.csv", "/loket",
)  # fmt: skip


@pytest.fixture
def supervisor(kiosk, staff):
    add_officer(kiosk.store, "Budi", "supervisor", random_bytes=os.urandom, pin=PIN)
    sign_in(staff, "Budi", PIN).touch("counter-1")
    return staff


def test_pages_of_the_office_come_inside_their_bar(kiosk, supervisor):
    stock.receive(kiosk.store, kiosk.office, stock.Entry(item="blanks", amount=9, by=1, request_id="a"))
    made = fill(kiosk.store, date(2026, 11, 22) - timedelta(days=364), days=365, per_day=120)
    with kiosk.store.write():
        kiosk.store.run("UPDATE visit SET ended = number WHERE outcome IS NOT NULL")

    took = {}
    for path in PAGES:
        begun = perf_counter()
        assert supervisor.get(path).status_code == 200
        took[path] = perf_counter() - begun
    print(f"\n{made} visits in a year")
    for path, seconds in took.items():
        print(f"{path:36} {seconds:6.3f} s, bar {BAR_S} s")

    assert [path for path, seconds in took.items() if seconds > BAR_S] == []
