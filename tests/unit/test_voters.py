"""Counts for the talk with the KPU: who is old enough for which vote, without anybody's date of birth."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.elections import Elections
from agent.domain.regions import Region
from agent.domain.small_cells import shown, total
from agent.domain.voters import Recorded, Village, counted, for_others, words
from agent.toml_file import parse_toml
from config import tables

SHIPPED = parse_toml(tables.shipped("elections.toml").decode(), Elections, file="elections.toml")
PILKADA, REVOTE = SHIPPED.election[1], SHIPPED.election[2]
KUKAR, KERINCI = "64.02.05", "15.01.01"
FIRST, SECOND = Region(f"{KUKAR}.2001", "Saliki", "desa"), Region(f"{KUKAR}.2002", "Salok Palai", "desa")
BEFORE, BETWEEN, AFTERWARDS = date(2024, 11, 20), date(2025, 2, 3), date(2025, 5, 30)
COUNTS = "2024-11-27.17"  # what both ask for


def told(*born: date, today: date = BEFORE, office: str = KUKAR, married: bool = False, band=None) -> dict[str, bool]:
    return words(SHIPPED, office, today, born, band, married=married)


def row(
    count: int = 1, *, service: str = "ktp_early", day: date = BEFORE, old_enough=None, village=FIRST.code
) -> Recorded:
    return Recorded(village, day, service, old_enough, count)


def test_the_boundary_of_27_november_2007_holds_for_the_vote_and_its_repetition():
    assert PILKADA.reference == REVOTE.reference == COUNTS
    assert told(date(2007, 11, 27)) == {COUNTS: True}
    assert told(date(2007, 11, 28)) == {COUNTS: False}


def test_a_repeated_vote_with_the_old_list_leaves_out_who_turned_17_in_between():
    """Kutai Kartanegara: voting on 19 April 2025, age as of 27 November 2024."""
    turned_17_in_january = date(2008, 1, 15)

    assert told(turned_17_in_january, today=BETWEEN) == {COUNTS: False}
    assert told(date(2007, 11, 1), today=BETWEEN) == {COUNTS: True}


def test_another_regency_has_no_repeated_vote():
    assert told(date(2000, 1, 1), office=KERINCI) == {COUNTS: True}
    assert told(date(2000, 1, 1), office=KERINCI, today=AFTERWARDS) == {}
    assert told(date(2000, 1, 1), today=AFTERWARDS) == {COUNTS: True}


def test_a_vote_is_noted_for_half_a_year_more_because_it_may_be_repeated():
    assert told(date(2000, 1, 1), office=KERINCI, today=BETWEEN) == {COUNTS: True}


def test_a_vote_that_is_long_over_is_no_longer_noted():
    assert told(date(2000, 1, 1), today=date(2026, 11, 23)) == {}


def test_marriage_makes_old_enough():
    assert told(date(2008, 5, 1), married=True)[COUNTS]


def test_two_centuries_that_disagree_tell_nothing():
    assert told(date(2020, 1, 1), date(1920, 1, 1)) == {}
    assert told(date(2006, 1, 1), date(1906, 1, 1))[COUNTS]


@pytest.mark.parametrize(("band", "known"), [("17+", {COUNTS: True}), ("5-15", False),
                                            ("16", None), (None, None)])  # fmt: skip
def test_a_band_tells_where_all_of_it_are_alike(band, known):
    expected = {} if known is None else known or {COUNTS: False}

    assert told(band=band) == expected


def test_who_was_recorded_as_17_by_the_day_that_counts_is_old_enough():
    [village] = counted([row(4, service="ktp_first")], PILKADA, [FIRST])

    assert (village.old_enough, village.unknown) == (4, 0)


def test_who_was_recorded_as_17_afterwards_is_not_known_to_be():
    [village] = counted([row(4, service="ktp_first", day=BETWEEN)], REVOTE, [FIRST])

    assert (village.old_enough, village.unknown) == (0, 4)


def test_words_count_before_the_service():
    rows = [row(2, old_enough=True), row(1, old_enough=False), row(3)]
    [village] = counted(rows, PILKADA, [FIRST])

    assert (village.old_enough, village.younger, village.unknown, village.recorded) == (2, 1, 3, 6)


def test_who_was_recorded_after_the_list_closed_is_told_apart():
    closed = msgspec.structs.replace(REVOTE, list_frozen_on=BEFORE)
    [village] = counted([row(2, old_enough=True), row(3, old_enough=True, day=BETWEEN)], closed, [FIRST])

    assert (village.old_enough, village.late) == (5, 3)


def test_people_from_elsewhere_stand_apart():
    found = counted([row(village="outside", old_enough=True)], PILKADA, [FIRST, SECOND])

    assert [(each.code, each.old_enough) for each in found] == [(FIRST.code, 0), (SECOND.code, 0), ("outside", 1)]


def test_what_leaves_the_office_has_villages_only_and_no_small_counts():
    inside = [Village(FIRST.code, "Saliki", 7), Village(SECOND.code, "Salok Palai", 2), Village("outside", "", 40)]

    assert for_others(inside) == [(FIRST.code, "Saliki", 5), (SECOND.code, "Salok Palai", "<5")]


@pytest.mark.parametrize("count", range(5))
def test_counts_below_five_become_less_than_five(count):
    assert shown(count) == "<5"


@pytest.mark.parametrize(("count", "said"), [(5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (1234, 1235)])
def test_other_counts_are_rounded_to_five(count, said):
    assert shown(count) == said


@given(st.lists(st.integers(0, 10_000)))
def test_a_sum_is_that_of_what_is_shown(counts):
    assert total(counts) == sum(said for count in counts if (said := shown(count)) != "<5")


@given(st.lists(st.integers(0, 60), min_size=1), st.data())
def test_no_small_count_can_be_reckoned_from_the_sum_and_the_others(counts, data):
    at = data.draw(st.integers(0, len(counts) - 1))
    for small in range(5):
        other = [*counts[:at], small, *counts[at + 1 :]]
        assert ([shown(each) for each in other], total(other)) == (
            [shown(each) for each in [*counts[:at], 0, *counts[at + 1 :]]],
            total([*counts[:at], 0, *counts[at + 1 :]]),
        )


@given(st.lists(st.builds(row, st.integers(0, 50), service=st.sampled_from(["ktp_first", "ktp_early"]),
                          day=st.sampled_from([BEFORE, BETWEEN]), old_enough=st.sampled_from([None, True, False]),
                          village=st.sampled_from([FIRST.code, SECOND.code, "unknown"]))))  # fmt: skip
def test_nobody_recorded_is_lost(rows):
    found = counted(rows, REVOTE, [FIRST, SECOND])

    assert sum(village.recorded for village in found) == sum(each.count for each in rows)
