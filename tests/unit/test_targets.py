"""What the office is measured against: by year, by area, with its base."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agent.domain.targets import Targets
from agent.errors import SettingsError
from agent.toml_file import parse_toml
from config import tables

SHIPPED = tables.shipped("targets.toml").decode()
ONE = """\
[[target]]
measure = "ikd"
year = 2023
percent = 25.0
base = "wajib"
area = "Indonesia"
stays = false
source = "ANTARA"
checked = 2026-11-22
"""


def read(text: str) -> Targets:
    return parse_toml(text, Targets, file="targets.toml")


def percent(year: int, measure: str = "ikd", *, office: str = "64.02.05", text: str = SHIPPED) -> str | None:
    target = read(text).of(office, year).get(measure)
    return str(target.percent) if target else None


def test_a_target_is_as_exact_as_it_was_written():
    assert read(SHIPPED).of("64.02.05", 2024)["recorded"].percent == Decimal("99.4")


def test_a_year_has_its_own_target():
    assert (percent(2023), percent(2024)) == ("25.0", "30.0")


def test_a_target_that_stays_holds_in_later_years():
    assert percent(2026) == "30.0"


def test_a_target_that_does_not_stay_ends_with_its_year():
    assert percent(2024, text=ONE) is None


def test_before_its_year_there_is_no_target():
    assert percent(2022) is None


def test_the_nearest_area_says_what_is_asked():
    own = ONE.replace("25.0", "40.0").replace("Indonesia", "64.02")

    assert percent(2023, text=own + ONE) == "40.0"
    assert percent(2023, text=own + ONE, office="15.01.01") == "25.0"


@pytest.mark.parametrize("wrong", ['"25 %"', "0", "true", "-1.0", "10000"])
def test_what_is_no_percentage_is_refused_with_its_line(wrong):
    with pytest.raises(SettingsError, match=r"target\[0\].percent: line 4: must be a percentage"):
        read(ONE.replace("25.0", wrong))
