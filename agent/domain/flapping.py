"""A stretch in which a state came and went, told as one: its history would else be a few minutes long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

SHORT_MS: Final = 5 * 60_000  # a state that lasted less, among others of its kind
MANY: Final = 6


class Stay(msgspec.Struct, frozen=True):
    """`state` from `t` until `until`, ms UTC; None: it lasts. `changes` is more than 1 for a stretch of many."""

    state: str
    t: int
    until: int | None
    evidence: str
    changes: int = 1


def folded(stays: Sequence[Stay], well: frozenset[str]) -> Iterator[Stay]:
    """The same, newest first, each stretch of many short ones as one: in the newest state of it that is not `well`."""
    stretch: list[Stay] = []
    for stay in stays:
        if stay.until is not None and stay.until - stay.t < SHORT_MS:
            stretch.append(stay)
        else:
            yield from told(stretch, well)
            yield stay
            stretch = []
    yield from told(stretch, well)


def told(stretch: Sequence[Stay], well: frozenset[str]) -> Sequence[Stay]:
    """A stretch as one, if it is of many."""
    if len(stretch) < MANY:
        return stretch
    worst = next((stay for stay in stretch if stay.state not in well), stretch[0])
    return [Stay(worst.state, stretch[-1].t, stretch[0].until, worst.evidence, len(stretch))]
