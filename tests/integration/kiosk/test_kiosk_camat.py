"""The camat's one page: today, the week, stock, disturbances, coverage, villages nobody reached."""

from __future__ import annotations

import os

import pytest

from agent.actions import coverage, stock
from agent.actions.notices import set_notice
from agent.actions.officers import add_officer
from agent.actions.stock import Entry
from tests.builders import PIN
from tests.integration.kiosk.steps import sign_in, visit
from tests.integration.kiosk.test_kiosk_coverage import KUKAR

PAGE = "/laporan/camat"


@pytest.fixture
def camat(kiosk, staff):
    add_officer(kiosk.store, "Pak Camat", "camat", random_bytes=os.urandom, pin=PIN)
    sign_in(staff, "Pak Camat", PIN)
    return staff


def test_a_camat_begins_here(kiosk, staff):
    add_officer(kiosk.store, "Pak Camat", "camat", random_bytes=os.urandom, pin=PIN)

    assert "Ringkasan camat" in sign_in(staff, "Pak Camat", PIN).text


def test_today_is_counted(camat, take):
    take()
    take("kk")

    page = visit(camat, PAGE)

    assert page.shown("camat-total") == "2"
    assert "Senin 2" in page.text


def test_what_is_disturbed_stands_first(kiosk, camat):
    set_notice(kiosk.store, kiosk.office, "siak", by=2)

    text = visit(camat, PAGE).text

    assert text.index("Jaringan SIAK terganggu sejak 08.00 WITA") < text.index("Kunjungan hari ini")


def test_stock_and_coverage_are_told(kiosk, camat):
    stock.receive(kiosk.store, kiosk.office, Entry(item="blanks", amount=2_600, by=2, request_id="r"))
    coverage.enter(kiosk.store, kiosk.office, KUKAR, by=2)

    text = visit(camat, PAGE).text

    assert "2.600" in text
    assert "99,71 %" in text


def test_a_village_that_nobody_came_from_is_named(kiosk, camat, take):
    first, second = sorted(kiosk.office.regions.villages, key=lambda village: village.code)[:2]
    take(village=first.code)

    text = visit(camat, PAGE).text

    assert f"{second.name} belum pernah" in text
    assert f"{first.name} belum pernah" not in text


def test_nothing_on_it_changes_anything(camat):
    assert {form.action for form in visit(camat, PAGE).reader.forms} == {"/keluar"}


def test_an_officer_at_the_counter_has_no_use_for_it(kiosk, staff):
    add_officer(kiosk.store, "Siti", "officer", random_bytes=os.urandom, pin=PIN)
    sign_in(staff, "Siti", PIN)

    assert staff.get(PAGE).status_code == 403
