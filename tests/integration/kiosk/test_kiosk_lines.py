"""The page of the two lines of work."""

from __future__ import annotations

from tests.integration.kiosk.steps import visit


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
