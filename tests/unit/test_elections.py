"""Old enough on voting day, by the office's own file; never a word on being registered."""

from __future__ import annotations

from datetime import date

import pytest

from agent.domain.elections import Elections, Vote, days_until, vote, vote_of_band
from agent.errors import SettingsError
from agent.office_files import load_elections
from agent.toml_file import parse_toml
from config import tables

SHIPPED = tables.shipped("elections.toml").decode()
ONE = """\
[[election]]
name = { id = "Pemilu", en = "Election" }
voting_date = 2029-02-28
age_reference_date = 2029-02-28
list_frozen_on = 2028-12-01
area = "64.02"
source = "KPU"
checked = 2026-11-22
"""


def read(text) -> Elections:
    return parse_toml(text, Elections, file="elections.toml")


PILKADA = read(SHIPPED).election[1]
REVOTE = read(SHIPPED).election[2]


def old_enough(born, election=PILKADA, *, married=False):
    return vote(born, election, date(2024, 11, 20), married=married).old_enough


def test_the_boundary_of_the_local_elections_of_2024():
    assert old_enough(date(2007, 11, 27))
    assert not old_enough(date(2007, 11, 28))


def test_for_a_repeated_vote_the_age_counts_on_the_first_day():
    assert REVOTE.voting_date == date(2025, 4, 19)
    assert old_enough(date(2007, 11, 27), REVOTE)
    assert not old_enough(date(2008, 1, 15), REVOTE)  # 17 in between, and not on the list


def test_marriage_makes_old_enough_at_any_age():
    assert vote(date(2008, 5, 1), PILKADA, date(2024, 11, 20), married=True) == Vote(True, by_marriage=True)


def test_marriage_is_not_named_where_age_is_enough():
    assert not vote(date(1990, 5, 1), PILKADA, date(2024, 11, 20), married=True).by_marriage


def test_29_february_counts_from_1_march_and_is_flagged_where_it_decides():
    told = vote(date(2012, 2, 29), read(ONE).election[0], date(2026, 11, 22), married=False)

    assert told == Vote(False, to_be_confirmed=True)
    assert not vote(date(2000, 2, 29), PILKADA, date(2024, 11, 20), married=False).to_be_confirmed


@pytest.mark.parametrize(
    ("band", "today", "said"),
    [
        ("17+", date(2024, 11, 20), True),
        ("16", date(2024, 11, 20), None),  # some turn 17 in the week before voting, some do not
        ("16", date(2023, 11, 27), True),  # a year before, everybody of 16 will be 17
        ("5-15", date(2024, 11, 20), False),
        ("0-4", date(2024, 11, 20), False),
    ],
)
def test_a_band_tells_only_what_holds_for_everybody_in_it(band, today, said):
    told = vote_of_band(band, PILKADA, today, married=False)

    assert (told.old_enough if told else None) == said


def test_marriage_makes_a_band_old_enough():
    assert vote_of_band("16", PILKADA, date(2024, 11, 20), married=True).by_marriage


@pytest.mark.parametrize(("today", "closed"), [(date(2028, 12, 1), False), (date(2028, 12, 2), True)])
def test_after_its_day_the_list_is_closed(today, closed):
    assert vote(date(2000, 1, 1), read(ONE).election[0], today, married=False).list_is_closed == closed


def test_a_list_without_a_known_day_is_never_called_closed():
    assert not vote(date(2000, 1, 1), PILKADA, date(2024, 11, 26), married=False).list_is_closed


def test_seven_days_are_left_on_20_november_2024():
    assert days_until(PILKADA, date(2024, 11, 20)) == 7


def test_the_next_election_is_that_of_the_office():
    elections = read(SHIPPED)

    assert elections.next_for("64.02.05", date(2024, 11, 28)) == REVOTE
    assert elections.next_for("15.01.01", date(2024, 11, 28)) is None
    assert elections.next_for("15.01.01", date(2024, 11, 27)) == PILKADA


def test_the_code_of_a_regency_does_not_name_another_that_begins_alike():
    assert not read(ONE.replace('"64.02"', '"64.0"')).election[0].is_for("64.02.05")


@pytest.mark.parametrize(
    ("good", "bad", "field"),
    [
        ("voting_date = 2029-02-28", 'voting_date = "28 Februari"', "voting_date"),
        ("age_reference_date = 2029-02-28", "age_reference_date = 2029-03-01", "age_reference_date"),
        ("list_frozen_on = 2028-12-01", "list_frozen_on = 2029-12-01", "list_frozen_on"),
        ('source = "KPU"\n', "", "source"),
        ("checked", "cheked", "cheked"),
    ],
)
def test_a_bad_edit_is_refused_with_line_and_reason(good, bad, field):
    with pytest.raises(SettingsError) as fault:
        read(ONE.replace(good, bad))

    assert fault.value.field.endswith(field)
    assert fault.value.sentence.startswith("line ")


def test_an_office_without_the_file_has_no_elections(tmp_path):
    assert load_elections(tmp_path / "elections.toml").election == ()


def test_the_shipped_file_loads_from_a_directory(tmp_path):
    (tmp_path / "elections.toml").write_text(SHIPPED)

    assert len(load_elections(tmp_path / "elections.toml").election) == 3
