"""One round of readings: each probe is trusted by nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from agent.domain.health import Round

Found = Mapping[str, float | str]
FURTHEST: Final = 1e15  # larger than any disk in bytes: a probe that says more is lying
SAID: Final = "said"  # the one answer that is words: what a technician reads as evidence
LONGEST_SAID: Final = 200
LIED: Final = "its answer cannot be true"


class Asked:
    """What the probes of a round answer, and which did not."""

    def __init__(self) -> None:
        self.readings: dict[str, float] = {}
        self.said: dict[str, str] = {}
        self.failed: set[str] = set()
        self.pending: set[str] = set()
        self.absent: set[str] = set()

    def take(self, name: str, found: Found) -> None:
        """Keep what can be true; a probe that only lied has failed, one that says nothing has nothing to read."""
        good = believable(found)
        self.readings.update(good)
        if isinstance(words := found.get(SAID), str) and words:
            self.said[name] = "".join(each if each.isprintable() else " " for each in words)[:LONGEST_SAID]
        if not good and any(each != SAID for each in found):
            self.fail([name], LIED)
        elif not good:
            self.absent.add(name)

    def fail(self, names: Iterable[str], why: str) -> None:
        """These probes gave nothing, and why; costs their own readings only."""
        for name in names:
            self.failed.add(name)
            self.said.setdefault(name, why)

    def round(self) -> Round:
        """The round, once everybody was asked."""
        return Round(self.readings, self.said, *map(frozenset, (self.failed, self.pending, self.absent)))


Look = Callable[[Asked], None]


def take_round(look: Look) -> Round:
    """What `look` found; of each probe only what can be true."""
    asked = Asked()
    look(asked)
    return asked.round()


def believable(found: Found) -> dict[str, float]:
    """The readings that can be true: numbers, finite, not negative, not beyond all measure."""
    return {
        name: float(value)
        for name, value in found.items()
        if isinstance(value, int | float) and 0 <= value <= FURTHEST  # which NaN is not, nor what no float can hold
    }
