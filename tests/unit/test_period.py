"""Days, months and years as addresses name them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.period import ONE_DAY, Period, of, read

DATES = st.dates(date(1971, 1, 1), date(9990, 1, 1))
UNITS = st.sampled_from(["day", "month", "year"])


@pytest.mark.parametrize("name", ["2024-11-27", "2024-02", "2024"])
def test_a_period_is_read_by_its_own_name(name):
    assert read(name).name == name


def test_a_month_ends_on_its_last_day():
    assert read("2024-02") == Period("month", date(2024, 2, 1), date(2024, 2, 29))


@pytest.mark.parametrize(
    "name",
    ["", "2024-13", "2024-02-30", "20241127", "24", "٢٠٢٤", "0000", "2024-11-27T08", "x" * 500, "9999", "0001-01-01"],
)
def test_what_names_no_period_is_none(name):
    assert read(name) is None


@given(DATES, UNITS)
def test_periods_follow_each_other_without_a_gap(day, unit):
    period = of(unit, day)

    assert period.after().first - period.last == ONE_DAY
    assert period.after().before() == period


@given(DATES, UNITS)
def test_a_period_holds_the_day_it_was_made_of(day, unit):
    assert of(unit, day).first <= day <= of(unit, day).last
