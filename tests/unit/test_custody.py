"""Who has which lines: every number is accounted for once, whatever is known and however the clock ran."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from agent.clock import DAY_MS
from agent.domain.custody import Known, Missing, account, cut, dated, with_gaps
from agent.domain.pieces import joined, size

MONDAY = date(2026, 11, 23)
WITA_MS = 8 * 3_600_000
NOON = 1_795_406_400_000  # 2026-11-23 04:00 UTC, noon in WITA
PIECES = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 20)).map(lambda each: (each[0], sum(each))), max_size=4)
TIMES = st.lists(st.integers(NOON - 3 * DAY_MS, NOON + 3 * DAY_MS), min_size=1, max_size=60)


@st.composite
def knowledge(draw) -> Known:
    held = draw(st.integers(0, 60))
    above = joined((first, last) for first, last in draw(PIECES) if first > held + 1)
    return Known(held, above, handed={"link": tuple(draw(PIECES)), "stick": tuple(draw(PIECES))})


def day(known: Known, last: int = 10):
    (found,) = account({MONDAY: ((1, last),)}, known)
    return found


def test_a_date_is_that_of_the_office_and_not_of_greenwich():
    late = NOON + 11 * 3_600_000  # 23:00 there

    assert dated([(1, NOON), (2, late), (3, late + 3_600_000)], WITA_MS) == {
        MONDAY: ((1, 2),),
        date(2026, 11, 24): ((3, 3),),
    }


def test_a_clock_that_goes_back_gives_a_date_two_stretches():
    days = dated([(1, NOON), (2, NOON + DAY_MS), (3, NOON)], 0)

    assert days[MONDAY] == ((1, 1), (3, 3))


def test_clocks_before_1970_and_after_9999_have_a_date():
    assert sorted(dated([(1, -(2**62)), (2, 2**62)], 0)) == [date(1970, 1, 1), date(9999, 12, 31)]


def test_the_newest_numbers_come_first_whatever_their_dates():
    days = account(dated([(1, NOON), (2, NOON - 5 * DAY_MS)], 0), Known())

    assert [each.pieces for each in days] == [((2, 2),), ((1, 1),)]


def test_what_was_never_handed_over_is_kept_here():
    assert day(Known(held=6)).missing == (Missing(7, 10, "kept"),)


def test_what_was_handed_over_without_a_receipt_is_under_way():
    found = day(Known(held=6, handed={"stick": ((5, 8),)}))

    assert found.missing == (Missing(7, 8, "under-way"), Missing(9, 10, "kept"))
    assert found.handed == {"link": 0, "stick": 4, "objects": 0}


def test_what_central_passed_over_is_a_gap():
    known = Known(held=3, above=((7, 8),), handed={"link": ((1, 10),)})

    assert day(known).missing == (Missing(4, 6, "gap"), Missing(9, 10, "under-way"))


def test_lost_lines_are_missing_though_they_are_counted_past():
    found = day(Known(held=10, lost=((2, 3),)))

    assert found.missing == (Missing(2, 3, "lost"),)
    assert found.confirmed == 8


def test_refused_lines_are_confirmed_all_the_same():
    found = day(Known(held=10, refused=(4, 40)))

    assert (found.confirmed, found.refused) == (10, 1)


def test_numbers_that_no_line_has_belong_to_the_day_before_them():
    days = with_gaps({MONDAY: ((2, 3),), date(2026, 11, 24): ((7, 8),)}, 1, 9)

    assert days == {MONDAY: ((1, 6),), date(2026, 11, 24): ((7, 9),)}


@given(TIMES, knowledge())
def test_every_number_is_confirmed_above_a_gap_or_missing_and_only_one_of_them(times, known):
    days = account(dated(enumerate(times, 1), WITA_MS), known)
    provisional = [piece for piece in known.above if piece[0] <= len(times)]
    above = size((first, min(last, len(times))) for first, last in provisional)
    missing = sum(each.last - each.first + 1 for found in days for each in found.missing)

    assert sum(found.recorded for found in days) == len(times)
    assert sum(found.confirmed for found in days) + above + missing == len(times)


@given(TIMES, st.integers(1, 8), st.integers(1, 70))
def test_page_after_page_shows_every_line_once_however_the_clock_ran(times, most, room):
    last, shown = len(times), []
    while last:
        above = max(0, last - room)
        kept, left = cut(dated([(n, times[n - 1]) for n in range(above + 1, last + 1)], WITA_MS), above, most)
        assert len(kept) <= most
        assert left < last
        shown += [n for pieces in kept.values() for low, high in pieces for n in range(low, high + 1)]
        last = left

    assert sorted(shown) == list(range(1, len(times) + 1))


def test_a_day_that_may_go_on_is_left_whole_to_the_next_page():
    tuesday = date(2026, 11, 24)

    assert cut({MONDAY: ((5, 7),), tuesday: ((8, 9),)}, 4, 31) == ({tuesday: ((8, 9),)}, 7)
    assert cut({MONDAY: ((1, 7),), tuesday: ((8, 9),)}, 0, 31) == ({MONDAY: ((1, 7),), tuesday: ((8, 9),)}, 0)
    assert cut({MONDAY: ((5, 7),)}, 4, 31) == ({MONDAY: ((5, 7),)}, 4)
