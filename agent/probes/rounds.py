"""One round of readings: each probe is asked once and trusted by nobody."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from agent.domain.health import Round
from agent.guard import guarded

Found = Mapping[str, float | str]
Probe = Callable[[], Found]
FURTHEST: Final = 1e15  # larger than any disk in bytes: a probe that says more is lying
SAID: Final = "said"  # the one answer that is words: what a technician reads as evidence
LONGEST_SAID: Final = 200


class Asked:
    """What the probes of a round answer, and which did not."""

    def __init__(self) -> None:
        self.readings: dict[str, float] = {}
        self.said: dict[str, str] = {}
        self.failed: set[str] = set()
        self.pending: set[str] = set()
        self.absent: set[str] = set()

    def ask(self, name: str, probe: Probe) -> None:
        """Ask one probe; whatever it does costs its own readings only."""

        def answer() -> None:
            self.take(name, probe())

        if guarded(f"probe {name}", answer):
            self.failed.add(name)

    def take(self, name: str, found: Found) -> None:
        """Keep what can be true; a probe that only lied has failed, one that says nothing has nothing to read."""
        good = believable(found)
        self.readings.update(good)
        if isinstance(words := found.get(SAID), str) and words:
            self.said[name] = "".join(each if each.isprintable() else " " for each in words)[:LONGEST_SAID]
        if not good:
            (self.failed if any(each != SAID for each in found) else self.absent).add(name)

    def round(self) -> Round:
        """The round, once everybody was asked."""
        return Round(self.readings, self.said, *map(frozenset, (self.failed, self.pending, self.absent)))


def take_round(probes: Mapping[str, Probe], later: Callable[[Asked], None] = lambda _: None) -> Round:
    """The readings of every probe that gave believable ones, and of what `later` adds; who raised or lied, by name."""
    asked = Asked()
    for name, probe in probes.items():
        asked.ask(name, probe)
    later(asked)
    return asked.round()


def believable(found: Found) -> dict[str, float]:
    """The readings that can be true: numbers, finite, not negative, not beyond all measure."""
    return {
        name: float(value)
        for name, value in found.items()
        if isinstance(value, int | float) and math.isfinite(value) and 0 <= value <= FURTHEST
    }
