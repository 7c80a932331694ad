"""A step of the wall clock between two rounds, and what it does to the times that are remembered of what stands."""

from __future__ import annotations

from typing import Final

import msgspec

STEP_MS: Final = 2_000  # less than that the two clocks drift apart in a minute
LOST_MS: Final = 30 * 86_400_000  # further back than anybody sets a clock by hand: its battery is dead


class Look(msgspec.Struct, frozen=True):
    """When a round was: wall clock in ms UTC, number of the boot, ms since that boot."""

    t: int
    boot: int
    m: int


class Step(msgspec.Struct, frozen=True):
    """Times up to `start` move by `early` ms, later ones by `late`; `owed`: so far earlier ones stand put back."""

    start: int
    early: int
    late: int
    owed: int

    @property
    def is_one(self) -> bool:
        """Whether anything moves."""
        return bool(self.early or self.late)

    def moved(self, t: int) -> int:
        """A remembered time by the clock after the step."""
        return t + (self.early if t <= self.start else self.late)


def between(last: Look, now: Look, owed: int) -> Step:
    """What happened to the wall clock since the last round.

    A step while the machine runs is known to the millisecond. It sets right what was seen since
    the start; what is older was seen by another clock, and goes forward only by what it is owed.
    """
    if last.boot != now.boot:
        return of_start(last.t, now.t - now.m, owed)
    by = now.t - last.t - (now.m - last.m)
    if abs(by) <= STEP_MS:
        return Step(0, 0, 0, owed)
    early = min(by, owed)
    return Step(last.t - last.m, early, by, owed - early)


def of_start(last: int, start: int, owed: int) -> Step:
    """How long the machine was off only the wall clock says; that time goes back it does not.

    Where it seems to, all that stands is put back to before the start, and owed that until the
    clock is set right, while the machine runs or while it is off.
    """
    away = start - last
    if away < 0:
        return Step(start, away, away, owed - away)
    if LOST_MS <= owed <= away:
        return Step(start, owed, owed, 0)
    return Step(start, 0, 0, owed if owed >= LOST_MS else 0)
