"""Who needs a call first, by what central holds."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.sent_settings import Holiday
from agent.wire.batch import Status
from central.store.fleet import KioskRow
from central.urgency import (
    DAY_MS,
    SILENT_MS,
    Holidays,
    holidays_of,
    in_order,
    is_silent,
    severities,
    working_ms,
    zone_offset,
)  # fmt: skip
from tests.fakes import wall

NOW = 1_800_000_000_000


def kiosk(name: str, *warnings: str, state: str = "approved", ago: int = 0) -> KioskRow:
    return KioskRow(name, "64.02.05", state, "test", NOW - ago, status=Status(backlog={}, warnings=list(warnings)))


def names(*rows: KioskRow) -> list[str]:
    return [row.thumbprint for row in in_order(rows, NOW, Holidays())]


def test_who_waits_comes_first_then_the_silent_then_the_worst_warning():
    well, warned, down = kiosk("well"), kiosk("warned", "printer-paper-low"), kiosk("down", "warned", "disk-full")
    silent, pending = kiosk("silent", ago=SILENT_MS), kiosk("pending", state="pending")

    assert names(well, warned, down, silent, pending) == ["pending", "silent", "down", "warned", "well"]


def test_of_two_alike_the_longer_silent_comes_first():
    assert names(kiosk("just now"), kiosk("an hour ago", ago=3_600_000)) == ["an hour ago", "just now"]


def test_a_kiosk_that_was_revoked_is_never_silent_and_comes_last():
    revoked = kiosk("revoked", "disk-full", state="revoked", ago=10 * SILENT_MS)

    assert not is_silent(revoked, NOW, Holidays())
    assert names(revoked, kiosk("well")) == ["well", "revoked"]


def test_a_warning_that_central_does_not_know_yet_is_a_mild_one():
    assert names(kiosk("well"), kiosk("newer software", "brand-new")) == ["newer software", "well"]


@pytest.mark.parametrize(
    ("heard", "now", "silent"),
    [("2026-11-20T16:00", "2026-11-23T08:00", False), ("2026-11-20T16:00", "2026-11-24T08:00", True),
     ("2026-11-23T08:00", "2026-11-24T07:59", False), ("2026-11-23T08:00", "2026-11-24T08:00", True),
     ("2026-11-21T08:00", "2026-11-23T00:00", False)],
)  # fmt: skip
def test_a_weekend_is_no_silence(heard, now, silent):
    row = KioskRow("k", "64.02.05", "approved", "test", wall(heard))

    assert is_silent(row, wall(now), Holidays()) is silent


@pytest.mark.parametrize(
    ("area", "silent"),
    [("Indonesia", False), ("64", False), ("64.02", False), ("64.02.05", False), ("64.03", True), ("6", True)],
)
def test_a_holiday_of_the_office_is_no_silence(area, silent):
    row = KioskRow("k", "64.02.05", "approved", "test", wall("2026-12-24T16:00"))
    christmas = holidays_of([Holiday(date=date(2026, 12, 25), name="Natal", area=area)])  # a Friday

    assert is_silent(row, wall("2026-12-28T08:00"), christmas) is silent
    assert is_silent(row, wall("2026-12-28T16:00"), christmas)


@given(st.integers(0, 10**12), st.integers(0, 13 * DAY_MS), st.integers(0, 13 * DAY_MS))
def test_working_time_adds_up_and_is_never_more_than_the_time(since, one, other):
    whole = working_ms(since, since + one + other, 0) if one + other <= 13 * DAY_MS else None
    parts = working_ms(since, since + one, 0) + working_ms(since + one, since + one + other, 0)

    assert 0 <= parts <= one + other
    assert whole in (None, parts)


def test_an_office_of_no_province_is_told_by_utc():
    assert zone_offset("00.00.00") == 0
    assert zone_offset("64.02.05") == 8 * 3_600_000


def test_every_warning_has_a_severity():
    assert set(severities().values()) == {"down", "warn"}


@given(st.lists(st.sampled_from(["printer-paper-low", "disk-full", "x"]), max_size=3), st.integers(0, 3 * SILENT_MS))
def test_more_warnings_never_push_a_kiosk_back(warnings, ago):
    assert names(kiosk("plain", ago=ago), kiosk("warned", *warnings, ago=ago + 1))[0] == "warned"
