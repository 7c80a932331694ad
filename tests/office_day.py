"""Lines of an office as its own actions write them, with a count of how much chance went into them."""

from __future__ import annotations

import heapq
import math
from pathlib import Path
from random import Random
from typing import NamedTuple

from agent.actions import visits
from agent.store import ledger
from agent.wire.batch import Sealed
from tests.fakes import FakeClock
from tests.small_office import sealing_office, small_store, take

SERVICES = {
    "ktp_first": 30, "ktp_print": 20, "kk": 15, "birth": 8, "ikd": 8, "change": 6, "ktp_lost": 5, "kia": 5, "move": 2,
    "ask": 1,
}  # fmt: skip
VILLAGES = {f"64.02.05.{2001 + each}": 10 for each in range(13)} | {"outside": 8, "unknown": 4}
OUTCOMES = {
    "recorded": 40, "handed_over": 20, "incomplete_papers": 10, "print_ready": 10, "no_show": 6, "failed_capture": 4,
    "no_blank": 4, "referred": 3, "cancelled": 3,
}  # fmt: skip
SUBJECT_BITS = 8 * (32 + 128 + 16)  # of a sealed NIK nothing can be guessed: enc, padded text, tag


class Chance:
    """Draws, and adds up how many bits each draw was worth: no coding of the lines can be shorter on average."""

    def __init__(self, seed: int) -> None:
        self.luck, self.bits = Random(seed), 0.0

    def pick(self, table: dict) -> str:
        """One of the keys, each as likely as its number says."""
        found = self.luck.choices(list(table), list(table.values()))[0]
        self.bits -= math.log2(table[found] / sum(table.values()))
        return found

    def between(self, low: int, high: int) -> int:
        """A whole number, all equally likely."""
        self.bits += math.log2(high - low + 1)
        return self.luck.randint(low, high)


class Written(NamedTuple):
    """A stream's first lines, the subjects beside them, and bytes below which no coding of them can be."""

    ledger: str
    lines: list[bytes]
    sealed: list[Sealed]
    floor: float


def written(home: Path, count: int, *, nik: bool, seed: int = 1) -> Written:
    """`count` lines of an office with two counters, each visit taken, called and finished by the real actions."""
    clock = FakeClock()
    store, chance = small_store(home, clock), Chance(seed)
    office, _ = sealing_office(home)
    events = [(clock.wall, "arrive", 0)]
    begun, people = clock.wall, 0
    while ledger.tail(store, "enrollments").n < count:
        at, what, counter = heapq.heappop(events)
        clock.forward(max(0, at - clock.wall))
        if what == "arrive":
            people += 1
            number = f"640205{1 + people % 28:02d}0{1 + people % 9}90{1 + people % 9000:04d}" if nik else None
            asked = {"village": chance.pick(VILLAGES), "priority": chance.pick({"": 92, "yes": 8}) == "yes"}
            take(store, office, f"{people}", service=chance.pick(SERVICES), nik=number, **asked)
            heapq.heappush(events, (clock.wall + chance.between(30_000, 240_000), "arrive", 0))
            if people <= 2:
                heapq.heappush(events, (clock.wall + chance.between(10_000, 90_000), "call", people))
        elif (called := visits.call_next(store, counter, by=counter + 1)) is not None:
            clock.forward(chance.between(60_000, 240_000))
            visits.finish(store, called.name, chance.pick(OUTCOMES), by=counter + 1)
            heapq.heappush(events, (clock.wall + chance.between(5_000, 60_000), "call", counter))
        else:
            heapq.heappush(events, (clock.wall + chance.between(5_000, 60_000), "call", counter))
    assert clock.wall > begun
    end = ledger.tail(store, "enrollments")
    lines = list(ledger.lines(store, end.stream, 1, count))
    sealed = ledger.subjects(store, end.stream, 1, count)
    store.close()
    return Written(end.ledger, lines, sealed, chance.bits / 8 + len(sealed) * SUBJECT_BITS / 8)
