"""Figures judged beside each other: the articles' own in any order, and the law that no order matters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.coverage import BASES, MEASURES, Figure, Target
from agent.domain.coverage_verdicts import as_printed, beside, verdicts

SAID = date(2023, 3, 20)
LATER = date(2023, 9, 1)
IKD_25 = (Target("ikd", "wajib", Decimal(25)),)


def figure(measure="recorded", count=300_110, base="wajib", of=308_309, percent=None, at=SAID, **more) -> Figure:
    share = None if percent is None else Decimal(percent)
    return Figure(measure=measure, count=count, base=base, of=of, percent=share, snapshot=at, said_on=at, **more)


KUKAR = figure(count=557_385, of=559_031, percent="99.71", at=date(2024, 11, 20))
KOTIM = figure(percent="97.34", left=8_199)
WRONG_REST = figure(percent="97.34", left=8_199, left_percent=Decimal("3.66"))
IKD = figure("ikd", 1_113, of=77_000)
RESIDENTS = figure(base="residents", of=429_703, percent="69.84")
KIA = figure("kia", 39_348, "children_0_16", None, "30.35")
PUBLISHED = (KUKAR, KOTIM, WRONG_REST, IKD, RESIDENTS, KIA)
WHYS = {KUKAR: [], KOTIM: [], WRONG_REST: ["left-percent", "shares"], IKD: ["target-as-base"], RESIDENTS: [],
        KIA: ["other-base"]}  # fmt: skip


def judged(figures, targets=IKD_25) -> dict[tuple[str, ...], list[str]]:
    found = verdicts(tuple(figures), targets)
    return {as_printed(each): [fault.why for fault in faults] for each, faults in zip(figures, found, strict=True)}


@given(st.permutations(PUBLISHED))
def test_the_published_figures_are_judged_alike_in_any_order(figures):
    assert judged(figures) == {as_printed(each): whys for each, whys in WHYS.items()}


some_figures = st.lists(
    st.builds(
        figure,
        measure=st.sampled_from(MEASURES),
        count=st.sampled_from([0, 1_113, 77_000, 300_110, 308_309]),
        base=st.sampled_from(BASES),
        of=st.sampled_from([None, 77_000, 77_077, 308_309, 320_000]),
        percent=st.sampled_from([None, "0.4", "25.0", "97.3", "97.34", "105"]),
        left=st.sampled_from([None, 0, 8_199, 15_000]),
        at=st.sampled_from([date(2022, 1, 1), SAID, date(2023, 6, 30), date(2024, 11, 20)]),
    ),
    max_size=7,
    unique_by=as_printed,
)


@given(some_figures, st.randoms(use_true_random=False))
def test_the_order_in_which_figures_and_bases_come_changes_no_verdict(figures, chance):
    before = judged(figures)
    chance.shuffle(figures)

    assert judged(figures) == before


@given(
    st.permutations(
        [KOTIM, figure("ikd", 1_113, of=77_000, at=LATER), figure("ikd", 77_000, of=None, percent="25.0", at=LATER)]
    )
)
def test_nobody_is_judged_by_a_target_that_was_taken_for_a_base_however_near(figures):
    assert sorted(judged(figures).values()) == [[], [], ["target-as-base"]]


@pytest.mark.parametrize("later", [KOTIM, figure(at=date(2023, 3, 1))])
def test_a_figure_that_was_believed_is_flagged_when_its_base_comes(later):
    assert judged([IKD]) == {as_printed(IKD): []}
    assert judged([IKD, later])[as_printed(IKD)] == ["target-as-base"]


def test_a_target_that_comes_later_flags_what_was_entered():
    assert judged([IKD, KOTIM], targets=())[as_printed(IKD)] == []


def test_a_figure_is_held_against_the_base_of_its_own_time():
    old, new = figure(of=200_000, count=1, at=date(2015, 1, 1)), figure(at=date(2023, 1, 1))
    rough = figure("ikd", 100_000, of=None, percent="50.00", at=date(2015, 6, 1))

    assert judged([rough, new])[as_printed(rough)] == ["other-base"]
    assert judged([rough, new, old])[as_printed(rough)] == []


def test_nobody_is_judged_by_a_figure_that_contradicts_itself():
    assert beside(IKD, [KOTIM])["wajib"] == 308_309
    assert judged([IKD, WRONG_REST])[as_printed(IKD)] == []


def test_the_count_of_those_recorded_is_a_base_too():
    assert beside(IKD, [KOTIM]) == {"wajib": 308_309, "recorded": 300_110}


def test_those_printed_are_no_base_for_those_recorded():
    printed = figure(measure="printed", count=290_000)

    assert "recorded" not in beside(IKD, [printed])
    assert beside(IKD, [KOTIM, printed])["recorded"] == 300_110


def test_a_base_that_only_follows_yields_to_a_published_one():
    slip = figure(of=None, count=300_110, left=81_990)

    assert judged([slip, KOTIM]) == {as_printed(slip): ["other-base"], as_printed(KOTIM): []}


def test_counted_and_left_together_are_a_base():
    assert beside(IKD, [figure(of=None, left=8_199)])["wajib"] == 308_309


def test_who_lives_there_and_must_hold_no_ktp_are_the_children_where_both_are_of_one_day():
    told = beside(KIA, [KOTIM, RESIDENTS])

    assert told["children_0_16"] == 121_394
    assert "children_0_16" not in beside(KIA, [figure(at=LATER), RESIDENTS])
    assert "children_0_16" not in beside(KIA, [KOTIM])


def test_a_published_number_of_children_comes_before_one_that_follows():
    published = figure("birth", 100_000, "children_0_16", 129_647)

    assert judged([KIA, KOTIM, RESIDENTS, published])[as_printed(KIA)] == []


def test_percentages_with_other_decimals_are_other_figures():
    assert judged([figure(percent="97.3"), figure(percent="97.30")]) == {
        as_printed(figure(percent="97.3")): [],
        as_printed(figure(percent="97.30")): ["percent"],
    }
