"""Who may be recorded, have a child card or an IKD; the days on which that changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.ages import birthday, completed_years, is_to_be_confirmed
from agent.domain.eligibility import BANDS, band, births, child_card, recording, recording_of_band

TODAY = date(2026, 11, 22)
LEAP = date(2008, 2, 29)


def answer(born, today=TODAY, *, married=False, recorded=False):
    return recording(born, today, married=married, recorded=recorded).answer


@pytest.mark.parametrize(
    ("born", "said"),
    [
        (date(2009, 11, 22), "must"),  # 17 today
        (date(2009, 11, 23), "early"),  # 17 tomorrow
        (date(2010, 11, 22), "early"),  # 16 today
        (date(2010, 11, 23), "too-young"),  # 16 tomorrow
        (date(1926, 11, 22), "must"),
        (TODAY, "too-young"),
    ],
)
def test_the_days_on_which_recording_changes(born, said):
    assert answer(born) == said


def test_early_recording_says_from_when_the_card_is_given():
    told = recording(date(2007, 11, 27), date(2024, 3, 1), married=False, recorded=False)

    assert (told.answer, told.service, told.card_from) == ("early", "ktp_early", date(2024, 11, 27))


def test_who_is_too_young_is_sent_to_the_child_card_and_told_when_to_come():
    told = recording(date(2011, 1, 5), TODAY, married=False, recorded=False)

    assert (told.service, told.card_from) == ("kia", date(2027, 1, 5))


def test_marriage_counts_at_any_age():
    assert answer(date(2010, 5, 1), married=True) == "married-young"


def test_who_was_recorded_before_is_never_recorded_again():
    for born in (date(1990, 1, 1), date(2010, 11, 22), date(2015, 1, 1)):
        assert answer(born, recorded=True, married=True) == "once"


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2025, 2, 28), "early"),
        (date(2025, 3, 1), "must"),
        (date(2024, 2, 28), "too-young"),
        (date(2024, 2, 29), "early"),
    ],
)
def test_a_year_of_somebody_born_on_29_february_is_complete_on_1_march(today, said):
    assert answer(LEAP, today) == said


def test_the_choice_of_1_march_is_flagged_where_it_decides():
    assert recording(LEAP, date(2025, 2, 28), married=False, recorded=False).to_be_confirmed
    assert recording(LEAP, date(2025, 3, 1), married=False, recorded=False).to_be_confirmed
    assert not recording(LEAP, date(2025, 3, 2), married=False, recorded=False).to_be_confirmed
    assert not recording(date(2008, 2, 28), date(2025, 2, 27), married=False, recorded=False).to_be_confirmed


@pytest.mark.parametrize(
    ("born", "card"),
    [
        (TODAY, "no-photo"),
        (date(2021, 11, 23), "no-photo"),  # 5 tomorrow
        (date(2021, 11, 22), "photo"),  # 5 today
        (date(2009, 11, 23), "photo"),  # 17 less a day
        (date(2009, 11, 22), "too-old"),
    ],
)
def test_the_child_card_by_age(born, card):
    assert child_card(band(born, TODAY)) == card


def test_who_is_married_gets_no_child_card():
    assert child_card("16", married=True) == "too-old"


@pytest.mark.parametrize(
    ("born", "named"),
    [
        (date(2021, 11, 23), "0-4"),
        (date(2021, 11, 22), "5-15"),
        (date(2010, 11, 23), "5-15"),
        (date(2010, 11, 22), "16"),
        (date(2009, 11, 22), "17+"),
    ],
)
def test_four_bands_of_age(born, named):
    assert band(born, TODAY) == named


days = st.dates(date(1910, 1, 1), date(2026, 11, 22))


@given(days, st.integers(0, 60), st.booleans(), st.booleans())
def test_a_band_and_a_date_of_birth_say_the_same(born, later, married, recorded):
    today = TODAY + timedelta(days=later)
    by_date = recording(born, today, married=married, recorded=recorded)
    by_band = recording_of_band(band(born, today), married=married, recorded=recorded)

    assert (by_date.answer, by_date.service) == (by_band.answer, by_band.service)


@given(days, st.integers(0, 400), st.sampled_from(BANDS))
def test_a_band_is_exactly_the_births_between_its_two_days(born, later, of):
    today = TODAY + timedelta(days=later)
    first, last = births(of, today)

    assert (band(born, today) == of) == (first <= born <= last)


@given(days, st.integers(0, 110))
def test_years_are_complete_on_the_birthday_and_not_a_day_before(born, years):
    day = birthday(born, years)

    assert completed_years(born, day) == years
    assert years == 0 or completed_years(born, day - timedelta(days=1)) == years - 1


@given(days, st.integers(0, 110))
def test_only_29_february_moves_a_birthday(born, years):
    day = birthday(born, years)

    assert (day.month, day.day) == (born.month, born.day) or is_to_be_confirmed(born)


def test_every_band_has_an_answer():
    assert [recording_of_band(each, married=False, recorded=False).answer for each in BANDS] == [
        "too-young", "too-young", "early", "must",
    ]  # fmt: skip
