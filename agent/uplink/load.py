"""How large the next batch may be, and what the link is like: learnt from every exchange, kept across starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from agent.domain import batching, link_measure
from agent.domain.allowance import HEARTBEAT_COST, Purpose
from agent.domain.batching import LARGEST, Pace, Sent
from agent.domain.link import LinkState, reached_as
from agent.domain.link_measure import Measures
from agent.store import ledger, link_log
from agent.store.database import Store
from agent.uplink.answers import Traffic
from agent.uplink.purse import Purse

if TYPE_CHECKING:
    from agent.uplink.turn import Turn

PACE: Final = "pace"


class Load:
    """The pace of sending within the day's bytes; `link` and `evidence` tell of the last one that got through."""

    def __init__(self, store: Store, purse: Purse | None) -> None:
        self.store = store
        self.purse = purse
        self.link: LinkState = "good"
        self.evidence = ""
        self.measures = Measures()
        self._pace: Pace | None = None

    def pace(self) -> Pace:
        """The pace now; at a start that of the last sending."""
        if self._pace is None:
            self._pace = remembered_pace(self.store)
        return self._pace

    def room(self, purpose: Purpose, waiting: int) -> int | None:
        """The largest file that may be sent now; None when the day's bytes do not allow one of `waiting` lines."""
        pace = self.pace()
        size = min(pace.size, self.allowed(purpose))
        enough = size >= min(pace.size, batching.SMALLEST)
        if self.purse is not None:
            self.purse.hold_back(0 if enough else waiting)
        return size if enough else None

    def allowed(self, purpose: Purpose) -> int:
        """Bytes that may be spent on it now."""
        return self.purse.allowed(purpose) if self.purse is not None else LARGEST

    def affords_a_word(self) -> bool:
        """Whether the day's bytes allow what costs about a heartbeat."""
        return self.allowed("heartbeat") >= HEARTBEAT_COST

    def paid(self, traffic: Traffic) -> None:
        """Bytes went over the line, and told what it is like."""
        if self.purse is not None:
            self.purse.spend(traffic.wire)
        if traffic.segments:
            now = Measures(
                self.store.clock.wall_ms(), traffic.rtt_s, measured(traffic), traffic.segments, traffic.again
            )
            self.measures = link_measure.after(self.measures, now)
            link_log.keep_measures(self.store.home, self.measures)

    def learn(self, turn: Turn, traffic: Traffic, file: int, raw: int) -> None:
        """What became of a batch; kept for the next start too."""
        self._pace = paced(self.pace(), turn, traffic, file, raw)
        remember_pace(self.store, self._pace)

    def reached(self, told: LinkState, traffic: Traffic) -> None:
        """Central was reached: what the link is like, and what shows it."""
        rate = measured(traffic) or self.pace().goodput
        self.link = reached_as(self.link, rate, traffic.rtt_s) if told == "good" else told
        self.evidence = figures(rate, traffic.rtt_s)


def figures(rate: float | None, rtt_s: float) -> str:
    """What an exchange measured, for a technician."""
    told = f", {rate / 1024:.1f} kB/s" if rate else ""
    return f"round trip {rtt_s:.2f} s{told}"


def paced(pace: Pace, turn: Turn, traffic: Traffic, file: int, raw: int) -> Pace:
    """The pace after a batch: only what travelled and broke says anything about its size; a refusal says nothing."""
    if turn.smaller:
        return batching.after_too_large(pace, file, turn.limit)
    if not turn.failed:
        return batching.after_success(pace, Sent(file, raw, measured(traffic)))
    broke = turn.moved and turn.retry_after_s is None and turn.link != "server-refuses"
    return batching.after_failure(pace) if broke else pace


def measured(traffic: Traffic) -> float | None:
    """The rate that an exchange told, bytes/s."""
    return batching.measured(traffic.acked, traffic.seconds, traffic.rtt_s)


def remembered_pace(store: Store) -> Pace:
    """The pace of the last sending as far as a new process believes it; the first one's where there was none."""
    text = ledger.facts(store, PACE).get(PACE, "")
    if not text:
        return Pace()
    return batching.at_start(msgspec.json.decode(text, type=Pace))


def remember_pace(store: Store, pace: Pace) -> None:
    """Keep the pace for the next start."""
    text = msgspec.json.encode(pace).decode()
    if ledger.facts(store, PACE).get(PACE) != text:
        with store.write():
            ledger.set_fact(store, PACE, text)
