"""Officers see that hand-over is late; the sheet is a page to print."""

from __future__ import annotations

import msgspec
import pytest

from agent.actions import handover
from agent.domain.allowance import Spent
from agent.domain.escalation import Watch
from agent.domain.link import OFFICER
from agent.store import ledger, link_log, spending
from tests.fakes import MINUTE
from tests.integration.kiosk.steps import visit


def wait(kiosk, days: int) -> None:
    """What waits has waited for so many working days."""
    now = Watch(upto=1, days=days, newest="2026-11-23")
    with kiosk.store.write():
        ledger.set_fact(kiosk.store, handover.WATCH, msgspec.json.encode(now).decode())


@pytest.mark.parametrize(("days", "level"), [(1, "officer"), (3, "supervisor"), (9, "sheet")])
def test_the_counter_says_how_late_hand_over_is(kiosk, counter, staff, take, days, level):
    take()
    wait(kiosk, days)

    page = staff.get("/loket").text
    assert f'data-testid="handover-{level}"' in page
    assert ("/laporan/serah-terima/lembar" in page) == (level != "officer")


def test_on_an_ordinary_day_nothing_is_said(kiosk, counter, staff, take):
    take()

    assert "handover-" not in staff.get("/loket").text


def test_a_spent_allowance_is_said_with_what_it_left_unsent(kiosk, counter, staff, take):
    take()
    spending.keep(kiosk.store, spending.HELD_BACK, Spent("2026-11-23", 2))

    assert "2 catatan menunggu jatah besok" in visit(staff, "/loket").text


def test_a_link_that_stays_down_is_said_in_a_sentence_and_one_that_comes_back_is_not(kiosk, counter, staff):
    link_log.note(kiosk.store, "no-dns", "")
    soon = staff.get("/loket").text
    kiosk.clock.forward(11 * MINUTE)
    later = staff.get("/loket").text
    link_log.note(kiosk.store, "good", "")

    assert "link-words" not in soon
    assert OFFICER["no-dns"].id in later
    assert "link-words" not in staff.get("/loket").text


def test_the_sheet_has_ranges_counts_and_codes(kiosk, counter, staff, take):
    take()
    sheet = handover.sheet(kiosk.store, kiosk.office)

    text = visit(staff, "/laporan/serah-terima/lembar").text
    assert sheet.streams[0].chain_last in text
    assert f"1–{sheet.streams[0].last}" in text
    assert sheet.kiosk in text


def test_nobody_sees_the_sheet_without_signing_in(staff):
    assert staff.get("/laporan/serah-terima/lembar").status_code == 303
