"""How long blank cards last, and when to warn; the figures of Kutai Kartanegara, November 2024, are among the cases."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.stock import StockRules, forecast, per_day, standing, told, working_day, working_days
from agent.errors import SettingsError
from agent.settings import HoursSettings
from agent.toml_file import parse_toml
from tests.small_office import shipped_services, shipped_stock

# 27 November 2024 was a day of voting, 25 and 26 December are holidays.
HOURS = HoursSettings(holidays=(date(2024, 11, 27), date(2024, 12, 25), date(2024, 12, 26)))
FIRST, YEARS_END = date(2024, 11, 21), date(2024, 12, 31)
USE = """
[[use]]
outcomes = ["handed_over"]
services = ["kia"]
items = { blanks = 2 }
"""


def test_26_working_days_were_left_of_the_year():
    assert working_days(FIRST, YEARS_END, HOURS) == 26


@pytest.mark.parametrize(("each_day", "blanks"), [(200, 5_200), (100, 2_600)])
def test_blanks_that_last_until_the_end_of_december(each_day, blanks):
    coming = forecast(blanks, each_day, FIRST, HOURS)

    assert (coming.days, coming.ends) == (26, YEARS_END)


def test_2600_blanks_at_200_a_day_end_on_the_13th_working_day_before_the_year_does():
    coming = forecast(2_600, 200, FIRST, HOURS)

    assert (coming.days, coming.ends) == (13, date(2024, 12, 10))
    assert coming.ends < YEARS_END
    assert standing(2_600, 200, shipped_stock().items["blanks"].warn, FIRST, HOURS).level == "low"


def test_a_piece_more_than_a_day_uses_begins_another_day():
    assert forecast(201, 100, FIRST, HOURS).days == 3
    assert forecast(200, 100, FIRST, HOURS).days == 2


def test_nothing_used_and_more_than_a_year_have_no_date():
    assert forecast(10, 0, FIRST, HOURS) is None
    assert forecast(1_000_000, 1, FIRST, HOURS) is None


def test_an_office_without_working_days_has_no_date():
    assert working_day(FIRST, 1, HoursSettings(days=())) is None


@pytest.mark.parametrize(("left", "level"), [(None, "unknown"), (0, "out"), (-4, "out"), (1_000, "low"), (1_001, "ok")])
def test_the_level_follows_what_is_left(left, level):
    assert standing(left, 100, 10, FIRST, HOURS).level == level


@pytest.mark.parametrize(("left", "used", "ends"), [(20, 0, 22), (15, 5, 22), (10, 10, 22), (11, 10, 25)])
def test_what_was_used_today_shortens_nothing(left, used, ends):
    assert standing(left, 10, 1, FIRST, HOURS, used).forecast.ends == date(2024, 11, ends)


def test_what_was_used_on_a_day_off_is_no_part_of_a_working_day():
    assert standing(10, 10, 1, date(2024, 11, 24), HOURS, used=10).forecast.ends == date(2024, 11, 25)


def test_the_mean_is_of_ten_working_days():
    assert per_day([100] * 10 + [10_000], today=0) == 100


def test_a_busier_today_counts_at_once():
    assert per_day([100] * 10, today=180) == 180
    assert per_day([], today=0) == 0


@given(st.integers(1, 5_000), st.floats(0.5, 400), st.integers(0, 200))
def test_the_last_day_is_a_working_day_and_covers_what_is_left(left, each_day, ahead):
    coming = forecast(left, each_day, FIRST, HOURS)

    if coming is not None:
        assert HOURS.is_working_day(coming.ends)
        assert (coming.days - 1) * each_day < left + 1e-6 <= coming.days * each_day + 1e-3
        assert working_days(FIRST, coming.ends, HOURS) == coming.days


def test_a_card_handed_over_uses_blank_ribbon_and_film():
    rules = shipped_stock()
    ended = [("ktp_print", "handed_over", 3), ("kia", "handed_over", 5), ("ktp_print", "no_blank", 7)]

    assert [rules.used(item, ended) for item in rules.items] == [3, 3, 3]


def test_shipped_rules_name_services_that_are_offered():
    named = {service for use in shipped_stock().use for service in use.services}

    assert named <= shipped_services().services.keys()


@pytest.mark.parametrize(("was", "now", "field"), [("blanks = 2", "forms = 1", "use[0].items"),
                                                  ("handed_over", "given", "use[0].outcomes")])  # fmt: skip
def test_a_rule_that_names_what_there_is_not_is_told_with_its_place(was, now, field):
    text = '[items.blanks]\nname = { id = "a", en = "b" }\n' + USE.replace(was, now)

    with pytest.raises(SettingsError) as caught:
        parse_toml(text, StockRules, file="stock.toml")
    assert caught.value.field == field


def test_central_is_told_of_what_was_entered_and_never_below_zero():
    assert told({"blanks": -3, "ribbon": 12, "film": None}) == {"blanks": 0, "ribbon": 12}
