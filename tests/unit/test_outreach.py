"""Which villages nobody reached for long, and what a place may be called."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.outreach import UNSERVED_DAYS, place, purpose, unserved
from agent.domain.regions import Region
from agent.errors import BadData

TODAY = date(2026, 11, 23)
VILLAGES = [Region(f"15.01.01.{2000 + n}", f"Desa {n}", "desa") for n in range(287)]  # Kerinci has 287 villages


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_a_village_without_tickets_in_90_days_is_listed():
    last = {VILLAGES[0].code: days_ago(90), VILLAGES[1].code: days_ago(91)}

    assert [each.code for each in unserved(VILLAGES[:2], last, {}, TODAY)] == [VILLAGES[1].code]


def test_villages_never_reached_come_first_then_the_longest_ago():
    last = {VILLAGES[0].code: days_ago(100), VILLAGES[1].code: days_ago(400)}

    told = unserved(VILLAGES[:3], last, {VILLAGES[2].code: 4}, TODAY)

    assert [(each.code[-4:], each.listed) for each in told] == [("2002", 4), ("2001", 0), ("2000", 0)]


@given(st.dictionaries(st.sampled_from([each.code for each in VILLAGES]), st.integers(0, 200)))
def test_every_village_is_served_or_listed(ago):
    told = {each.code for each in unserved(VILLAGES, {code: days_ago(days) for code, days in ago.items()}, {}, TODAY)}
    served = {code for code, days in ago.items() if days <= UNSERVED_DAYS}

    assert told | served == {each.code for each in VILLAGES}
    assert told & served == set()


@pytest.mark.parametrize("typed", ["SMAN 1 Muara Badak", "Balai Desa RT 012", "  Pasar\tSenin "])
def test_a_place_is_a_word_or_a_few(typed):
    assert place(typed) == " ".join(typed.split())


@pytest.mark.parametrize("typed", ["", "  ", "x" * 61, "rumah 6402055708990003", "0812-3456-7890", "a\x00b"])
def test_what_is_no_place_or_could_be_somebodys_number_is_refused(typed):
    with pytest.raises(BadData, match="trip-place"):
        place(typed)


def test_a_purpose_is_one_of_a_few_words():
    assert purpose("school") == "school"
    with pytest.raises(BadData, match="trip-purpose"):
        purpose("Bu Ani")
