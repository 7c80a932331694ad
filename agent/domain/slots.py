"""When a kiosk should come with its next batch, so that all of them together stay within what a receiver takes."""

from __future__ import annotations

from collections import Counter, deque
from typing import Final

CALM: Final = 0.25  # below this share of the rate everybody may come at once
FILLED: Final = 0.75  # of the rate is promised: kiosks come up to a fifth late, and bursts are random
WINDOW_S: Final = 10
FURTHEST_S: Final = 1800


class Slots:
    """Hands out seconds of the future, `rate` batches in each; time is whole seconds of any clock that goes on.

    Some room is left for those who come without a slot: as many as came so of late.
    """

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._booked: Counter[int] = Counter()
        self._came: deque[int] = deque()
        self._cursor = 0

    def wait_s(self, now: int) -> int:
        """Somebody came at `now`: seconds until the next batch of the same kiosk; 0 while there is room."""
        while self._came and self._came[0] <= now - WINDOW_S:
            self._came.popleft()
        self._came.append(now)
        for second in [second for second in self._booked if second <= now - WINDOW_S]:
            del self._booked[second]
        promised = sum(count for second, count in self._booked.items() if second <= now)
        if self._cursor <= now and len(self._came) < CALM * self.rate * WINDOW_S:
            return 0
        strangers = max(0.0, len(self._came) - promised) / WINDOW_S
        room = max(self.rate * CALM, self.rate * FILLED - strangers)
        self._cursor = max(self._cursor, now + 1)
        while self._booked[self._cursor] >= room and self._cursor < now + FURTHEST_S:
            self._cursor += 1
        self._booked[self._cursor] += 1
        return self._cursor - now
