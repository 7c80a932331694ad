"""Coverage by the articles' own numbers, and figures that cannot be true."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from agent.domain.coverage import (
    Fault,
    Figure,
    Plan,
    Target,
    days_to_close,
    faults,
    pace,
    plan,
    progress,
    share,
)
from agent.domain.stock import working_days
from agent.settings import HoursSettings

SAID = date(2023, 3, 20)
WAJIB, CHILDREN = 308_309, 429_703 - 308_309
KOTIM = {"wajib": WAJIB, "children_0_16": CHILDREN}
IKD_25 = Target("ikd", "wajib", Decimal(25))


def figure(**changed) -> Figure:
    given = {"measure": "recorded", "count": 300_110, "base": "wajib", "of": WAJIB, "snapshot": SAID, "said_on": SAID}
    return Figure(**{**given, **changed})


def whys(*arguments, **changed) -> list[str]:
    bases, targets = arguments or ({}, ())
    return [fault.why for fault in faults(figure(**changed), bases, targets)]


def test_kukar_557385_of_559031_is_99_71_per_cent():
    assert share(557_385, 559_031) == Decimal("99.71")
    assert 559_031 - 557_385 == 1_646


def test_kukar_is_1708_above_its_target_of_99_40():
    done = progress(557_385, 559_031, Decimal("99.40"))

    assert (done.needed, done.gap) == (555_677, -1_708)


def test_kotim_300110_of_308309_is_97_34_per_cent_and_8199_are_left():
    assert share(300_110, WAJIB) == Decimal("97.34")
    assert share(WAJIB - 300_110, WAJIB) == Decimal("2.66")


def test_kotim_8199_left_as_3_66_per_cent_is_flagged_twice():
    said = figure(percent=Decimal("97.34"), left=8_199, left_percent=Decimal("3.66"))

    assert faults(said, {}, ()) == (Fault("left-percent", "3.66", "2.66"), Fault("shares", "101.00", "100"))


def test_kotim_77000_is_the_target_of_25_per_cent_not_the_base():
    said = figure(measure="ikd", count=1_113, of=77_000)

    assert faults(said, KOTIM, [IKD_25]) == (Fault("target-as-base", "77000", "308309"),)


def test_kotim_1113_are_0_36_per_cent_of_the_base_and_1_45_of_the_target():
    assert (share(1_113, WAJIB), share(1_113, 77_000)) == (Decimal("0.36"), Decimal("1.45"))


def test_kotim_39348_as_30_35_per_cent_means_another_base():
    said = figure(measure="kia", base="children_0_16", count=39_348, of=None, percent=Decimal("30.35"))

    assert faults(said, KOTIM, ()) == (Fault("other-base", "129647", "121394"),)
    assert share(39_348, CHILDREN) == Decimal("32.41")


def test_kotim_308309_must_hold_a_ktp_of_429703_residents_are_71_75_per_cent():
    assert share(WAJIB, 429_703) == Decimal("71.75")
    assert whys(base="residents", count=300_110, of=429_703, percent=Decimal("69.84")) == []


def test_kotim_a_semester_that_has_not_ended_is_flagged():
    assert whys(snapshot=date(2023, 6, 30)) == ["future-snapshot"]


def test_what_was_said_after_today_is_flagged():
    later = figure(snapshot=date(2090, 1, 1), said_on=date(2090, 1, 1))

    assert [fault.why for fault in faults(later, {}, (), today=SAID)] == ["future-word"]


def test_a_rough_share_that_fits_the_known_base_means_no_other():
    assert whys(KOTIM, (), count=1_050, of=None, percent=Decimal("0.3")) == []


def test_kotim_25_per_cent_ikd_need_372_a_day_22_in_each_kecamatan():
    goal = progress(1_113, WAJIB, Decimal(25))

    assert (goal.needed, goal.gap) == (77_078, 75_965)
    left = working_days(date(2023, 3, 21), date(2023, 12, 31), HoursSettings())
    assert left == 204  # holidays are the office's to set
    assert (pace(goal.gap, left), pace(goal.gap, left, 17)) == (372, 22)
    assert plan(goal.gap, left) == Plan(204, 372, ((100, 760), (200, 380)))


def test_kotim_99_40_needs_6350_more_and_8199_left_are_82_days_at_100_and_41_at_200():
    assert progress(300_110, WAJIB, Decimal("99.40")).gap == 6_350
    assert (days_to_close(8_199, 100), days_to_close(8_199, 200)) == (82, 41)


def test_kapuas_january_2020_adds_up():
    assert whys(count=269_000, of=297_000, left=28_000) == []


def test_kapuas_september_2022_does_not():
    said = figure(count=272_148, of=296_148, left=15_000)

    assert faults(said, {}, ()) == (Fault("left", "15000", "24000"),)


def test_without_a_base_those_counted_and_left_are_the_base():
    said = figure(of=None, left=8_199, percent=Decimal("50.00"), left_percent=Decimal("3.66"))

    assert [fault.why for fault in faults(said, {}, ())] == ["percent", "left-percent", "shares"]


def test_a_base_of_those_counted_and_left_is_held_against_the_known_one():
    assert faults(figure(of=None, left=1), KOTIM, ()) == (Fault("other-base", "300111", "308309"),)


@pytest.mark.parametrize("left_percent", ["3.66", "150"])
def test_without_a_base_the_share_of_those_left_is_held_against_the_known_one(left_percent):
    assert whys(KOTIM, (), of=None, left_percent=Decimal(left_percent)) == ["other-base"]
    assert whys(KOTIM, (), of=None, left_percent=Decimal("2.66")) == []


@pytest.mark.parametrize("shares", [{"percent": Decimal(9999)}, {"left_percent": Decimal(101)}])
def test_a_share_that_nothing_explains_needs_its_base(shares):
    assert whys(of=None, **shares) == ["no-base"]


def test_nobody_counted_of_nobody_left_has_no_share_to_check():
    assert whys(count=0, of=None, left=0, percent=Decimal(1)) == []


def test_coverage_is_never_cut_off_at_100():
    assert share(1_050, 1_000) == Decimal("105.00")
    assert whys(count=1_050, of=1_000, percent=Decimal(105)) == []


def test_a_percentage_is_checked_as_exactly_as_it_was_printed():
    assert whys(percent=Decimal("97.3")) == []
    assert whys(percent=Decimal("97.4")) == ["percent"]


def test_half_is_rounded_up():
    assert share(5, 1_000, 0) == Decimal(1)
    assert share(25, 1_000, 0) == Decimal(3)


def test_a_base_near_a_target_is_none_where_it_is_the_known_base():
    assert (
        whys({"wajib": 77_000, "recorded": 308_000}, [Target("ikd", "recorded", Decimal(25))], of=77_000, count=1) == []
    )


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(0, 3))
def test_a_figure_that_prints_its_own_numbers_contradicts_nothing(count, of, decimals):
    said = figure(count=count, of=of, left=of - count, percent=share(count, of, decimals))

    assert faults(said, {}, ()) == ()
    assert faults(structs.replace(said, of=None), {"wajib": of}, ()) == ()
    left_only = figure(count=count, of=None, left_percent=share(of - count, of, decimals))
    assert faults(left_only, {"wajib": of}, ()) == ()


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.decimals(0, 100, places=2))
def test_needed_is_the_least_count_that_reaches_the_target(count, of, target):
    needed = progress(count, of, target).needed

    assert Decimal(needed) * 100 >= target * of
    assert needed == 0 or Decimal(needed - 1) * 100 < target * of


@pytest.mark.parametrize("gap", [0, -1_708])
def test_a_target_that_is_reached_needs_nothing_more(gap):
    assert pace(gap, 10) == 0
    assert days_to_close(gap, 100) == 0
