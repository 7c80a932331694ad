"""Every probe is asked on a thread, so that none that hangs costs more than its own reading.

Those that used to be quick are asked one after the other on one thread, and a round waits a moment for them. Where one
does not come back, the rest get a thread each. What is known to take its time has one of its own, and nobody waits.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Final

import msgspec

from agent.clock import Clock
from agent.guard import guarded
from agent.probes.rounds import Asked, Found

Reader = Callable[[], Mapping[str, Found] | None]
QUICK_MS: Final = 50  # who took longer last time is not waited for
PATIENCE_S: Final = 0.1  # for all quick ones together, before the rest are asked beside the one that does not answer
GRACE_S: Final = 0.2  # and then for the rest; after it the round goes on without
LATE_S: Final = 30.0  # who is asked every round has failed after this; who is asked seldom after a turn of its own
LATEST_S: Final = 900.0
SILENT: Final = "it does not answer"


class Source(msgspec.Struct, frozen=True):
    """A reader that feeds these probes; asked every so many seconds, 0 for every round."""

    feeds: tuple[str, ...]
    read: Reader
    every_s: float = 0.0
    quick: bool = True


def one(probe: str, read: Callable[[], Found | None], every_s: float = 0.0, *, quick: bool = True) -> Source:
    """A reader that feeds one probe of that name; None is no news."""

    def read_one() -> Mapping[str, Found] | None:
        found = read()
        return None if found is None else {probe: found}

    return Source((probe,), read_one, every_s, quick)


class Turn:
    """What is under way or was answered last, of one source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.began = 0
        self.running = False
        self.quick = source.quick
        self.answer: Mapping[str, Found] | None = None
        self.fault = ""

    def run(self, clock: Clock) -> None:
        """Ask once; on a thread that may never come back from it."""
        self.fault = guarded(f"probe {', '.join(self.source.feeds)}", self.read).partition(":")[0]
        self.quick = clock.boot_ms() - self.began <= QUICK_MS
        self.running = False

    def read(self) -> None:
        """Take the answer; None is no news, and the last one stands."""
        found = self.source.read()
        if found is not None:
            self.answer = {probe: dict(words) for probe, words in found.items()}  # here it can raise and cost no other

    def is_due(self, now: int) -> bool:
        """Whether to ask; whoever is still at it is not asked twice."""
        return not self.running and (not self.began or now - self.began >= self.source.every_s * 1000)

    def tell(self, asked: Asked, now: int) -> None:
        """What the source said last: its answer, that it failed, or nothing yet."""
        late = self.running and now - self.began > 1000 * min(LATEST_S, max(LATE_S, self.source.every_s))
        if late or self.fault:
            asked.fail(self.source.feeds, SILENT if late else self.fault)
        elif self.answer is None:
            asked.pending.update(self.source.feeds)
        else:
            for probe, found in self.answer.items():
                asked.take(probe, found)


class Probes:
    """Asks what is due and hands out what came back. `leave` is called by each thread at its end."""

    def __init__(
        self,
        sources: Iterable[Source],
        clock: Clock,
        leave: Callable[[], object] = lambda: None,
        waits_s: tuple[float, float] = (PATIENCE_S, GRACE_S),
    ) -> None:
        self.turns = [Turn(source) for source in sources]
        self.clock = clock
        self.leave = leave
        self.waits_s = waits_s
        self.back = threading.Condition()

    def look(self, asked: Asked) -> None:
        """Fill a round; waits for those that used to be quick, and for them three tenths of a second at most."""
        now = self.clock.boot_ms()
        due = [turn for turn in self.turns if turn.is_due(now)]
        quick = [turn for turn in due if turn.quick]
        for turn in due:
            turn.began, turn.running = max(1, now), True
            if turn not in quick:
                self.start([turn])
        self.ask_quickly(quick)
        for turn in self.turns:
            turn.tell(asked, now)

    def ask_quickly(self, turns: list[Turn]) -> None:
        """All on one thread; where one does not answer, each of the rest on its own."""
        patience, grace = self.waits_s
        waiting = self.start(turns)
        if not self.all_back(turns, patience):
            with suppress(IndexError):
                while True:
                    self.start([waiting.popleft()])
            self.all_back(turns, grace)

    def all_back(self, turns: list[Turn], longest_s: float) -> bool:
        """Wait until all of them answered; whether they did."""
        with self.back:
            return self.back.wait_for(lambda: not any(turn.running for turn in turns), longest_s)

    def start(self, turns: Iterable[Turn]) -> deque[Turn]:
        """Ask them one after the other on a thread that dies with the process; those that still wait."""
        waiting = deque(turns)
        if waiting:
            threading.Thread(target=self.work, args=(waiting,), name="probes", daemon=True).start()
        return waiting

    def work(self, waiting: deque[Turn]) -> None:
        """Ask until nobody waits."""
        with suppress(IndexError):
            while True:
                waiting.popleft().run(self.clock)
                with self.back:
                    self.back.notify_all()
        guarded("probes", self.leave)
