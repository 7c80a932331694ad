"""Thousands of kiosks that come back at once, against one receiver: rates only, no TCP. Times are seconds."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from agent.domain import backoff, batching
from agent.domain.batching import Pace, Sent
from agent.domain.slots import Slots

KIOSKS, TAKES = 7_285, 100
DAYS_AWAY_S = 3 * 86_400.0
RATE, TRIP_S = 8_000.0, 0.6  # 64 kbit/s
BYTES_A_LINE, LINES = 80, 2_400
HEARTBEAT, HEALTH = 1_000, 6_000
BUSY_S = 5.0  # what a receiver says that is full


class Policy(NamedTuple):
    """When to begin, and how long to rest after a refusal; `paced`: whether the receiver's times are kept."""

    first_s: Callable[[float], float]
    refused_s: Callable[[int, float], float]
    tries: int = 10**9
    paced: bool = False


OURS = Policy(
    lambda luck: backoff.first_try_s(DAYS_AWAY_S, luck),
    lambda failures, luck: backoff.delay_s(failures, BUSY_S, luck),
    paced=True,
)
PEERS = {
    "a fixed second": Policy(lambda luck: luck, lambda failures, luck: 1.0),
    "two tries, then the batch is dropped": Policy(lambda luck: luck, lambda failures, luck: 5 + luck, tries=2),
    "max(10, 2^n)": Policy(lambda luck: luck, lambda failures, luck: max(10.0, 2.0 ** min(failures, 10))),
}


class Kiosk:
    """What one kiosk still has to send."""

    def __init__(self) -> None:
        self.parts = [HEARTBEAT, *cut_up(BYTES_A_LINE * LINES), HEALTH]
        self.failures = 0


def cut_up(total: int) -> list[int]:
    """The batches that the agent's own pace makes of a backlog on this link."""
    pace, parts = Pace(), []
    while total > 0:
        size = min(total, pace.size)
        parts.append(size)
        total -= size
        rate = batching.measured(size, size / RATE + TRIP_S, TRIP_S)
        pace = batching.after_success(pace, Sent(size, 5 * size, rate))
    return parts


class Outcome(NamedTuple):
    """Most requests in one second, refusals for each accepted batch, seconds to the last, seconds at best, dropped."""

    peak: int
    refusals: float
    drained_s: float
    ideal_s: float
    dropped: int


def storm(policy: Policy, *, kiosks: int = KIOSKS, takes: int = TAKES, seed: int = 1) -> Outcome:
    """All kiosks come back at second 0; the receiver takes `takes` batches in each second and refuses the rest."""
    luck, slots = random.Random(seed), Slots(takes)
    fleet = [Kiosk() for _ in range(kiosks)]
    events = [(policy.first_s(luck.random()) + arrival(kiosk), each) for each, kiosk in enumerate(fleet)]
    heapq.heapify(events)
    came, taken = Counter(), Counter()
    refused, dropped, last = 0, 0, 0.0
    while events:
        now, each = heapq.heappop(events)
        kiosk, second = fleet[each], int(now)
        came[second] += 1
        wait = slots.wait_s(second) if policy.paced else 0
        if taken[second] >= takes:
            refused, kiosk.failures = refused + 1, kiosk.failures + 1
            if kiosk.failures < policy.tries:
                again = now + policy.refused_s(kiosk.failures, luck.random()) + arrival(kiosk)
                heapq.heappush(events, (again, each))
                continue
            dropped += 1
        else:
            taken[second], last = taken[second] + 1, now
        kiosk.failures = 0
        del kiosk.parts[0]
        if kiosk.parts:
            rest = backoff.delay_s(0, wait, luck.random()) if wait else 0.0
            heapq.heappush(events, (now + TRIP_S / 2 + rest + arrival(kiosk), each))
    accepted = sum(taken.values())
    return Outcome(max(came.values()), refused / accepted, last, accepted / takes, dropped)


def arrival(kiosk: Kiosk) -> float:
    """Seconds until the next part has arrived."""
    return kiosk.parts[0] / RATE + TRIP_S / 2
