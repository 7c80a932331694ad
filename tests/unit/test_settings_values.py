from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent import settings_values as values
from agent.settings import HoursSettings, UploadSettings
from agent.settings_values import Address, TimeWindow


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("500ms", 0.5), ("60s", 60), ("5m", 300), ("2h", 7200), ("1d", 86_400), ("3660d", 316_224_000)],
)
def test_a_duration_is_a_number_and_a_unit(text, seconds):
    assert values.duration(text).total_seconds() == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["127.0.0.1:8080", "localhost:1", "[::1]:65535", "siak.example.go.id:443"])
def test_an_address_is_written_as_it_was_read(text):
    assert str(values.address(text)) == text


@pytest.mark.parametrize(
    ("host", "is_here"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), ("x", False)],
)
def test_loopback_is_told_from_the_network(host, is_here):
    assert Address(host, 80).is_loopback() is is_here


def test_the_slash_at_the_end_of_a_url_makes_no_difference():
    assert values.web_url("http://[::1]:8090/") == "http://[::1]:8090"


times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(times, times, times)
def test_a_window_and_its_inverse_share_the_day_between_them(start, end, now):
    if start == end:
        return

    assert TimeWindow(start, end).contains(now) != TimeWindow(end, start).contains(now)


@given(times, times)
def test_a_window_reads_back_as_it_is_written(start, end):
    if start == end:
        return
    window = TimeWindow(start, end)

    assert values.time_window(str(window)) == window


def test_a_window_over_midnight_holds_the_night():
    night = values.time_window("22:00-05:00")

    assert [night.contains(time(hour)) for hour in (21, 22, 23, 0, 4, 5, 12)] == [
        False,
        True,
        True,
        True,
        True,
        False,
        False,
    ]


def test_without_windows_sending_is_always_allowed():
    assert UploadSettings().is_open(time(3))
    assert not UploadSettings(windows=(values.time_window("22:00-05:00"),)).is_open(time(12))


def test_a_working_day_is_in_the_week_and_no_holiday():
    hours = HoursSettings(holidays=(date(2026, 12, 25),))

    assert [hours.is_working_day(date(2026, 12, day)) for day in (24, 25, 26, 28)] == [True, False, False, True]
