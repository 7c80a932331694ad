"""Invented people fit their stories on any day, and no real office takes their NIK."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.ages import completed_years
from agent.domain.nik import Nik, NikFault, read_nik
from agent.domain.training import INVENTED
from agent.domain.visits import OUTCOMES
from agent.office_files import invented_people, known_kecamatan
from tests.small_office import shipped_services

days = st.dates(date(2026, 1, 1), date(2045, 12, 31))
people = st.sampled_from(list(enumerate(invented_people(), 1)))


@given(people, days)
def test_a_person_is_as_old_as_the_story_says_on_any_day(numbered, today):
    person = numbered[1]

    assert completed_years(person.born(today), today) == person.years


@given(people, days)
def test_a_real_office_refuses_the_nik_and_a_training_reads_it(numbered, today):
    place, person = numbered
    nik = person.nik(place, today)
    read = read_nik(nik, today, INVENTED)

    assert read_nik(nik, today, known_kecamatan()) == NikFault("province", 16)
    assert isinstance(read, Nik)
    assert (read.sex, person.born(today) in (read.born, read.born_earlier)) == (person.sex, True)


@pytest.mark.parametrize("nik", ["6402055708990003", "1501014311070001"])
def test_a_training_refuses_a_real_nik(nik):
    assert read_nik(nik, date(2026, 11, 23), INVENTED) == NikFault("province", 16)


def test_stories_name_what_the_office_offers_and_knows():
    offered = shipped_services().services

    assert [each.name for each in invented_people() if each.service not in offered] == []
    assert [each.name for each in invented_people() if each.outcome not in OUTCOMES] == []
    assert all(each.name.startswith("Contoh ") and each.days < 365 for each in invented_people())
