"""Times as people type them from paper."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.paper_time import read_time, wall_ms
from tests.fakes import wall


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("8", (8, 0)),
        ("815", (8, 15)),
        ("0815", (8, 15)),
        ("08.15", (8, 15)),
        ("8:15", (8, 15)),
        (" 13 05 ", (13, 5)),
        ("0", (0, 0)),
    ],
)
def test_a_time_is_read_as_people_write_it(text, at):
    assert read_time(text) == time(*at)


@pytest.mark.parametrize("text", ["", "pagi", "24", "8.60", "8.5", "12345", "-8", "8.15.30", "٨", "8\n9", "🙂"])
def test_what_is_no_time_is_none(text):
    assert read_time(text) is None


@given(st.times())
def test_every_minute_of_a_day_can_be_typed_in_four_digits(at):
    assert read_time(f"{at:%H%M}") == time(at.hour, at.minute)


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_a_time_on_paper_is_the_offices_own(zone):
    assert wall_ms(date(2026, 11, 23), time(8, 15), zone) == wall("2026-11-23T08:15", zone)
