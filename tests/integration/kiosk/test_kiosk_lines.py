"""The page of the two lines of work."""

from __future__ import annotations

import pytest

from agent.actions import trips
from tests.builders import PIN
from tests.integration.kiosk.report_steps import numbers, told
from tests.integration.kiosk.steps import sign_in, visit


def test_each_line_shows_who_waits_and_what_was_done(staff, counter, take):
    take("ktp_first")
    take("kk")
    take("kk")
    counter.touch("call-next").touch("outcome-recorded")
    shown = visit(staff, "/lini")

    assert [shown.shown(f"waiting-{line}") for line in ("recording", "updating")] == ["0", "2"]
    assert [shown.shown(f"served-{line}") for line in ("recording", "updating")] == ["1", "0"]


def test_a_month_counts_its_days(staff, counter, take):
    take("ktp_early")

    assert visit(staff, "/lini?masa=bulan&lang=en").shown("taken-recording") == "1"


def test_before_the_first_number_both_lines_stand_there(staff, counter):
    assert "Pemutakhiran data" in visit(staff, "/lini").text


@pytest.mark.parametrize("address", ["/lini", "/lini?masa=bulan", "/lonjakan", "/laporan/camat", "/jemput-bola/1"])
def test_every_number_beside_the_reports_is_the_length_of_the_list_it_opens(kiosk, counter, second, take, address):
    village = kiosk.office.regions.villages[0].code
    trips.open_trip(kiosk.store, kiosk.office, village, "SMAN 1", "school", by=2)
    take("ktp_first")
    take("kk")
    take("kk")
    counter.touch("call-next").touch("outcome-recorded", reason="moved")
    sign_in(second.client, "Budi", PIN)
    found = numbers(visit(second.client, address))

    assert found
    assert [told(second.client, each) for each in found] == [each.number for each in found]
