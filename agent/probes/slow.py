"""Probes that may take their time: each on a thread of its own, so that no round and no ticket waits for one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from agent.clock import Clock
from agent.guard import guarded
from agent.probes.rounds import Asked, Found

Reader = Callable[[], Mapping[str, Found] | None]
TURNS_MISSED: Final = 3  # so many turns without an answer, and the probes that it feeds have failed


class Slow(msgspec.Struct, frozen=True):
    """A reader that feeds these probes, asked every so many seconds."""

    feeds: tuple[str, ...]
    read: Reader
    every_s: float


def one(probe: str, read: Callable[[], Found | None], every_s: float) -> Slow:
    """A reader that feeds one probe of that name; None is no news."""

    def read_one() -> Mapping[str, Found] | None:
        found = read()
        return None if found is None else {probe: found}

    return Slow((probe,), read_one, every_s)


class Turn:
    """What is under way or was answered last, of one reader."""

    def __init__(self, slow: Slow) -> None:
        self.slow = slow
        self.began = 0
        self.running = False
        self.answer: Mapping[str, Found] | None = None
        self.failed = False

    def run(self) -> None:
        """Ask once; on its own thread."""
        self.failed = bool(guarded(f"probe {', '.join(self.slow.feeds)}", self.read))
        self.running = False

    def read(self) -> None:
        """Take the answer; None is no news, and the last one stands."""
        found = self.slow.read()
        self.answer = self.answer if found is None else found


class SlowProbes:
    """Starts what is due and hands out what came back; `look` never waits."""

    def __init__(self, slow: tuple[Slow, ...], clock: Clock) -> None:
        self.clock = clock
        self.turns = [Turn(each) for each in slow]

    def look(self, asked: Asked) -> None:
        """Add the newest answers to a round, and start what is due."""
        now = self.clock.boot_ms()
        for turn in self.turns:
            self.collect(turn, asked, now)
            if not turn.running and (not turn.began or now - turn.began >= turn.slow.every_s * 1000):
                self.start(turn, now)

    def collect(self, turn: Turn, asked: Asked, now: int) -> None:
        """What a reader said last: its answer, a failure, or nothing yet."""
        late = turn.running and now - turn.began > TURNS_MISSED * turn.slow.every_s * 1000
        if turn.failed or late:
            asked.failed.update(turn.slow.feeds)
        elif turn.answer is None:
            asked.pending.update(turn.slow.feeds)
        else:
            for probe, found in turn.answer.items():
                asked.take(probe, found)

    def start(self, turn: Turn, now: int) -> None:
        """Ask anew, on a thread that dies with the process."""
        turn.began, turn.running = max(1, now), True
        threading.Thread(target=turn.run, name=f"probe {turn.slow.feeds[0]}", daemon=True).start()
