"""Four faces with words on the page of a number, and their counts in the report."""

from __future__ import annotations

import os

import pytest

from agent.actions.officers import add_officer
from tests.builders import PIN
from tests.integration.kiosk.steps import sign_in, visit


@pytest.fixture
def number(citizen):
    """The page of a number, as its owner sees it."""
    return visit(citizen, "/").touch("service-kk").touch("without-nik").touch("village-unknown")


def test_one_touch_is_thanked_for(number):
    thanked = number.touch("mark-3")

    assert "Terima kasih atas penilaian Anda." in thanked.text
    assert thanked.path == number.path
    assert not thanked.has("mark-3")


def test_a_double_tap_is_one_mark(kiosk, number):
    number.touch("mark-4")
    number.touch("mark-1")

    assert kiosk.store.rows("SELECT mark FROM rating") == [(4,)]


@pytest.mark.parametrize("mark", ["", "9", "-1", "²", "4" * 5000, "👍"])
def test_a_mark_that_is_none_changes_nothing(kiosk, citizen, number, mark):
    answer = citizen.post(f"{number.path}/nilai", data={"mark": mark})

    assert answer.status_code == 303
    assert kiosk.store.rows("SELECT mark FROM rating") == []


def test_another_site_cannot_rate(kiosk, citizen, number):
    answer = citizen.post(f"{number.path}/nilai", data={"mark": "1"}, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403
    assert kiosk.store.rows("SELECT mark FROM rating") == []


def test_the_report_counts_the_marks(kiosk, staff, number):
    add_officer(kiosk.store, "Budi", "supervisor", random_bytes=os.urandom, pin=PIN)
    sign_in(staff, "Budi", PIN)
    assert "Penilaian warga" not in visit(staff, "/laporan").text

    number.touch("mark-2")

    assert "Kurang baik 1 –" in visit(staff, "/laporan").text
