"""Readings and times in words of people."""

from __future__ import annotations

import pytest

from kiosk_ui.messages import language
from kiosk_ui.units import reading, span


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 detik"), (59, "59 detik"), (60, "1 menit"), (38 * 60, "38 menit"), (2_299, "38 menit"), (3_600, "1 jam"),
     (4_800, "1 jam 20 menit"), (90_000, "1 hari 1 jam"), (86_400, "1 hari"), (-5, "0 detik")],
)  # fmt: skip
def test_a_span_has_at_most_two_units_down_to_a_minute(seconds, words):
    assert span(language("id"), seconds) == words


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("camera_present", 1.0, "Ya"), ("printer_paper_out", 0.0, "Tidak"), ("reachable 10.0.0.1:443", 1.0, "Ya"),
     ("link_round_trip_s", 0.689, "689 ms"), ("link_goodput_kbit", 120.4, "120 kbit/s"),
     ("temperature_c", 58.2, "58 °C"), ("agent_rss_bytes", 30 * 1024**2, "30,0 MB"), ("unsent_lines", 12, "12"),
     ("cpu_percent", 99.95, "100,0 %"), ("bytes_sent", 1536 * 1024, "1,5 MB"), ("load1", 0.25, "0,25")],
)  # fmt: skip
def test_a_reading_has_the_unit_that_its_name_tells(name, value, words):
    assert reading(language("id"), name, value) == words
