"""What the last exchanges with central measured: round trip, share of packets sent twice, rate."""

from __future__ import annotations

from typing import Final

import msgspec

RECENT: Final = 400  # segments that a share of losses rests on: older ones fade
TELLING: Final = 20  # fewer segments tell no share


class Measures(msgspec.Struct, frozen=True):
    """`t`: wall clock of the newest exchange, ms UTC; `goodput` in bytes/s, None before one large enough to tell.

    `segments` were sent of late, and `again` of them more than once.
    """

    t: int = 0
    round_trip_s: float = 0.0
    goodput: float | None = None
    segments: int = 0
    again: int = 0

    @property
    def loss(self) -> float | None:
        """The share of segments that had to be sent again, 0 to 1; None where too few were sent to tell."""
        return min(1.0, self.again / self.segments) if self.segments >= TELLING else None


def after(before: Measures, now: Measures) -> Measures:
    """What is known after an exchange of which `now` tells: sums go on and fade, a round trip and a rate are news."""
    segments, again = before.segments + now.segments, before.again + now.again
    if segments > RECENT:
        segments, again = segments // 2, again // 2
    goodput = before.goodput if now.goodput is None else now.goodput
    return Measures(now.t, now.round_trip_s or before.round_trip_s, goodput, segments, again)
