"""The decision on a batch: what is new, what is lost, what contradicts."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.wire.batch import Seen
from central.judge import Offer, Stream, judge
from central.spans import Lost, Run

LAST = 30
NOTHING = Seen()
FIRST = Seen(1, 1)


def chain(n, branch="a"):
    return hashlib.sha256(f"{branch}{n}".encode()).digest()


def offer(first, last, *, floor=1, seen=NOTHING, branch="a", before=None):
    chains = [chain(n, branch) for n in range(first, last + 1)]
    return Offer(first, last, before or chain(first - 1), chains, floor, seen)


def heartbeat(last, *, floor=1, branch="a"):
    return Offer(last + 1, last, chain(last, branch), [], floor)


def stream(held, *runs, lost=(), pair=FIRST):
    above = tuple(Run(first, last, chain(first - 1), chain(last)) for first, last in runs)
    gone = tuple(Lost(first, last, chain(last)) for first, last in lost)
    return Stream(held, chain(held), above, gone, pair)


def decide(before, offered):
    """The verdict, with the chains of held lines looked up as the store would."""
    pieces = before.has(max(1, offered.first - 1), max(1, offered.last))
    known = {n: chain(n) for first, last in pieces for n in range(first, last + 1)}
    return judge(before, known, offered)


CASES = {
    "the first lines": (stream(0), offer(1, 5), [(1, 5)], stream(5)),
    "the next lines": (stream(5), offer(6, 9), [(6, 9)], stream(9)),
    "the same lines again": (stream(5), offer(1, 5), [], stream(5)),
    "some held, some new": (stream(5), offer(4, 9), [(6, 9)], stream(9)),
    "lines above a gap": (stream(5), offer(8, 9), [(8, 9)], stream(5, (8, 9))),
    "a second gap": (stream(5, (8, 9)), offer(12, 13), [(12, 13)], stream(5, (8, 9), (12, 13))),
    "lines that touch a run": (stream(5, (8, 9)), offer(10, 11), [(10, 11)], stream(5, (8, 11))),
    "lines around a run": (stream(5, (8, 9)), offer(7, 11), [(7, 7), (10, 11)], stream(5, (7, 11))),
    "the gap closes": (stream(5, (8, 9)), offer(6, 7), [(6, 7)], stream(9)),
    "a gap closes below another": (stream(5, (8, 9), (12, 13)), offer(6, 7), [(6, 7)], stream(9, (12, 13))),
    "all of it at once": (stream(5, (8, 9), (12, 13)), offer(1, 20), [(6, 7), (10, 11), (14, 20)], stream(20)),
    "a heartbeat at held": (stream(5), heartbeat(5), [], stream(5)),
    "a heartbeat of more": (stream(5), heartbeat(9), [], stream(5)),
    "a heartbeat of less": (stream(5), heartbeat(3), [], stream(5)),
    "a heartbeat of more with another chain": (stream(5), heartbeat(9, branch="b"), [], stream(5)),
    "a heartbeat in a run with another chain": (stream(5, (8, 9)), heartbeat(9, branch="b"), [], stream(5, (8, 9))),
    "a floor at held + 1": (stream(5), offer(6, 9, floor=6), [(6, 9)], stream(9)),
    "a floor above held": (stream(5), offer(9, 12, floor=9), [(9, 12)], stream(12, lost=[(6, 8)])),
    "a floor above held, first above it": (stream(5), offer(10, 12, floor=9), [(10, 12)], stream(5, (10, 12))),
    "a floor above a run": (
        stream(5, (8, 9)), offer(12, 13, floor=12), [(12, 13)], stream(13, lost=[(6, 7), (10, 11)])
    ),
    "a floor just above a run": (stream(5, (8, 9)), offer(10, 13, floor=10), [(10, 13)], stream(13, lost=[(6, 7)])),
    "a floor inside a run": (stream(5, (8, 12)), offer(10, 13, floor=10), [(13, 13)], stream(13, lost=[(6, 7)])),
    "a floor below a run": (
        stream(5, (15, 16)), offer(10, 11, floor=10), [(10, 11)], stream(11, (15, 16), lost=[(6, 9)])
    ),
    "a floor that closes on a run": (
        stream(5, (12, 16)), offer(10, 11, floor=10), [(10, 11)], stream(16, lost=[(6, 9)])
    ),
    "a heartbeat with nothing left": (stream(5), heartbeat(9, floor=10), [], stream(9, lost=[(6, 9)])),
    "a lost line found": (stream(12, lost=[(6, 8)]), offer(7, 7), [(7, 7)], stream(12, lost=[(6, 6), (8, 8)])),
    "all lost lines found": (stream(12, lost=[(6, 8)]), offer(5, 10), [(6, 8)], stream(12)),
}  # fmt: skip


@pytest.mark.parametrize(("before", "offered", "fresh", "after"), CASES.values(), ids=CASES.keys())
def test_what_a_batch_changes(before, offered, fresh, after):
    verdict = decide(before, offered)

    assert (verdict.mismatch, list(verdict.fresh), verdict.stream) == (None, fresh, after)


MISMATCHES = {
    "the last held line": (stream(5), offer(5, 9, branch="b"), 5),
    "a line in the middle": (stream(9), offer(4, 12, branch="b"), 4),
    "the chain before the first": (stream(5), offer(6, 9, before=chain(5, "b")), 5),
    "the chain before, further down": (stream(9), offer(6, 9, before=chain(5, "b")), 5),
    "a line of a run": (stream(5, (8, 9)), offer(7, 8, branch="b"), 7),
    "the closing of a gap": (stream(5, (8, 9)), offer(6, 7, branch="b"), 7),
    "a heartbeat at held": (stream(5), heartbeat(5, branch="b"), 5),
    "a heartbeat below held": (stream(5), heartbeat(3, branch="b"), 3),
    "a heartbeat that counts past a run": (stream(5, (8, 12)), heartbeat(10, floor=11, branch="b"), 10),
    "a floor that does not meet a run": (
        stream(5, (8, 9)), offer(10, 13, floor=10, before=chain(9, "b")), 9
    ),
    "a found line that does not chain": (stream(12, lost=[(6, 8)]), offer(8, 8, branch="b"), 8),
    "a found line that does not follow": (stream(12, lost=[(6, 8)]), offer(6, 6, before=chain(5, "b")), 5),
}  # fmt: skip


@pytest.mark.parametrize(("before", "offered", "n"), MISMATCHES.values(), ids=MISMATCHES.keys())
def test_a_contradiction_stores_nothing_and_names_the_lowest_number(before, offered, n):
    verdict = decide(before, offered)

    assert (verdict.mismatch, verdict.fresh, verdict.stream) == (n, (), before)


def test_a_newer_receipt_than_ours_begins_an_epoch():
    verdict = decide(stream(5, pair=Seen(3, 7)), offer(6, 9, seen=Seen(3, 8)))

    assert verdict.stream.pair == Seen(4, 0)


@pytest.mark.parametrize("seen", [Seen(3, 7), Seen(3, 1), Seen(2, 99), Seen()])
def test_a_receipt_that_we_know_begins_no_epoch(seen):
    verdict = decide(stream(5, pair=Seen(3, 7)), offer(6, 9, seen=seen))

    assert verdict.stream.pair == Seen(3, 7)


def test_a_mismatch_shown_with_a_newer_receipt_begins_an_epoch_too():
    verdict = decide(stream(5, pair=Seen(1, 1)), offer(5, 9, branch="b", seen=Seen(2, 2)))

    assert (verdict.mismatch, verdict.stream.pair) == (5, Seen(3, 0))


class Model:
    """The same rules by sets of numbers: slow, and too simple to be wrong in the same way."""

    def __init__(self):
        self.lines, self.lost, self.held = set(), set(), 0

    def take(self, offered):
        if offered.first == offered.floor and self.held < offered.floor - 1:
            self.lost |= set(range(self.held + 1, offered.floor)) - self.lines
            self.held = offered.floor - 1
        new = set(range(offered.first, offered.last + 1)) - self.lines
        self.lines |= new
        self.lost -= new
        while self.held + 1 in self.lines:
            self.held += 1
        return new


@st.composite
def offers(draw):
    first = draw(st.integers(1, LAST))
    floor = draw(st.sampled_from([1, first, draw(st.integers(1, first))]))
    if draw(st.integers(0, 5)) == 0:
        return heartbeat(first - 1, floor=floor)
    return offer(first, draw(st.integers(first, min(LAST, first + 8))), floor=floor)


def numbers(pieces):
    return {n for first, last in pieces for n in range(first, last + 1)}


@given(st.lists(offers(), max_size=25))
def test_any_order_and_overlap_gives_what_sets_of_numbers_give(offered):
    model, after = Model(), stream(0)
    for each in offered:
        new = model.take(each)
        verdict = decide(after, each)
        after = verdict.stream

        assert verdict.mismatch is None
        assert numbers(verdict.fresh) == new
        assert after.held == model.held
        assert numbers(after.has(1, LAST)) == model.lines
        assert numbers((lost.first, lost.last) for lost in after.lost) == model.lost


@given(st.lists(offers(), max_size=25))
def test_every_known_chain_is_the_one_at_its_number(offered):
    after = stream(0)
    for each in offered:
        after = decide(after, each).stream

    assert after.chain == chain(after.held)
    assert all((run.before, run.chain) == (chain(run.first - 1), chain(run.last)) for run in after.runs)
    assert all(lost.chain == chain(lost.last) for lost in after.lost)


@given(st.lists(offers(), max_size=25))
def test_runs_lie_above_gaps_in_order(offered):
    after = stream(0)
    for each in offered:
        after = decide(after, each).stream

    ends = [(0, after.held), *((run.first, run.last) for run in after.runs)]
    assert all(low[1] + 1 < high[0] <= high[1] for low, high in pairwise(ends))


@given(st.lists(offers(), max_size=12), st.integers(1, LAST), st.integers(0, 8))
def test_another_branch_never_changes_what_is_held(offered, first, more):
    before = stream(0)
    for each in offered:
        before = decide(before, each).stream

    verdict = decide(before, offer(first, first + more, branch="b"))

    touched = set(range(first, first + more + 1)) & numbers(before.has(1, LAST))
    assert not touched or (verdict.mismatch <= min(touched) and verdict.fresh == () and verdict.stream == before)
