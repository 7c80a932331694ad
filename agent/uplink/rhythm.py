"""When the uplink rests and for how long, by the boot clock; how long is decided in `agent.domain.backoff`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agent.domain import backoff

if TYPE_CHECKING:
    from agent.uplink.turn import Turn

QUESTION_S: Final = 5.0  # the first time to ask again whether somebody has typed the code; then ever more rarely
QUESTION_GROWS: Final = 1.25


class Rhythm:
    """Rests, failures in a row, and the last contact; `cut_off` while this machine has no network at all."""

    def __init__(self) -> None:
        self.failures = 0
        self.questions = 0
        self.resting_until = 0
        self.not_before = 0
        self.contact: int | None = None
        self.cut_off = False

    def rest(self, seconds: float, now_ms: int) -> None:
        """Do nothing for a while."""
        self.resting_until = now_ms + int(seconds * 1000)

    def cut_short(self) -> None:
        """Somebody asks: a rest ends, but not before the moment that central itself has named."""
        self.resting_until = 0

    def rest_s(self, now_ms: int) -> float:
        """Seconds still to rest."""
        return max(0.0, (max(self.resting_until, self.not_before) - now_ms) / 1000)

    def failed(self, turn: Turn, luck: float, now_ms: int) -> None:
        """A turn failed: rest."""
        wait = backoff.delay_s(self.failures, turn.retry_after_s, luck)
        self.failures = backoff.counted(self.failures, moved=turn.moved)
        self.rest(wait, now_ms)
        if turn.retry_after_s is not None:
            self.not_before = self.resting_until

    def reached(self, turn: Turn, luck: float, now_ms: int) -> None:
        """Central answered: the next failure is a first one; with many others, the next batch has its time."""
        self.failures = 0
        self.contact = now_ms
        if turn.retry_after_s is not None:
            self.not_before = now_ms + int(backoff.delay_s(0, turn.retry_after_s, luck) * 1000)

    def came_back(self, away_s: float, luck: float, now_ms: int) -> None:
        """This machine has a network again: at once after a short absence, else spread.

        `away_s` is by the wall clock; the boot clock knows better where this process had contact.
        """
        self.cut_off = False
        away = away_s if self.contact is None else (now_ms - self.contact) / 1000
        self.rest(backoff.first_try_s(away, luck), now_ms)

    def next_question_s(self) -> float:
        """Seconds until central is asked again whether this kiosk is known: from 5 s to 5 minutes."""
        self.questions += 1
        return float(min(backoff.LONGEST_S, QUESTION_S * QUESTION_GROWS ** min(self.questions - 1, 40)))
