"""Stretches of numbers: what is arithmetic here is set theory there."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agent.domain.pieces import joined, overlapped, size, without

PIECES = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 8)).map(lambda each: (each[0], sum(each))), max_size=6)


def numbers(pieces) -> set[int]:
    return {n for first, last in pieces for n in range(first, last + 1)}


def test_pieces_without_holes():
    assert without([(1, 10)], [(3, 4), (6, 6), (9, 20)]) == ((1, 2), (5, 5), (7, 8))


@given(PIECES)
def test_joined_pieces_have_the_same_numbers_each_once(pieces):
    found = joined(pieces)

    assert numbers(found) == numbers(pieces)
    assert size(found) == len(numbers(pieces))


@given(PIECES)
def test_joined_pieces_neither_overlap_nor_touch(pieces):
    found = joined(pieces)

    assert all(before[1] + 1 < after[0] for before, after in pairwise(found))


@given(PIECES, PIECES)
def test_what_is_left_without_holes_is_the_difference(pieces, holes):
    assert numbers(without(pieces, holes)) == numbers(pieces) - numbers(holes)


@given(PIECES, st.integers(1, 40), st.integers(1, 40))
def test_what_overlaps_is_the_intersection(pieces, first, last):
    assert numbers(overlapped(pieces, first, last)) == numbers(pieces) & set(range(first, last + 1))
