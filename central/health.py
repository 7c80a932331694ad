"""What central knows of a kiosk's machine before anybody calls: from the newest lines of its health stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from agent import warning_words
from agent.clock import utc
from agent.errors import BadData
from agent.wire.kinds import HealthChanged, HealthSummary, KioskChanged
from agent.wire.line import Envelope, read_line
from central.store import frames, ledgers
from central.store.database import Database
from central.store.rows import StreamKey
from central.urgency import severities

MOST_FRAMES: Final = 200
SHOWN: Final = 30
READ: Final = {"health.changed": HealthChanged, "kiosk.changed": KioskChanged, "health.summary": HealthSummary}
Fact = HealthChanged | KioskChanged | HealthSummary


class Standing(msgspec.Struct, frozen=True):
    """How a probe stood when it last changed, and since when."""

    what: str
    state: str
    since: str
    code: str
    evidence: str


class Event(msgspec.Struct, frozen=True):
    """A change as the kiosk told it; `lasted_s` where it ended an outage, `because` the code of what lay behind."""

    at: str
    what: str
    was: str
    state: str
    evidence: str
    lasted_s: int | None
    because: str


class Warned(msgspec.Struct, frozen=True):
    """A warning of the newest heartbeat, in words."""

    code: str
    severity: str
    title: str
    technician: str
    since: str


def health_of(database: Database, thumbprint: str, codes: list[str]) -> dict[str, Any]:
    """The template's values: warnings in words, states of probes, newest changes, and how the kiosk's life stands."""
    facts = list(newest(database, thumbprint))
    changed = [(t, fact) for t, fact in facts if isinstance(fact, HealthChanged)]
    life = next((fact for _, fact in facts if isinstance(fact, KioskChanged)), None)
    states = standings(changed)
    summary = next(((t, fact) for t, fact in facts if isinstance(fact, HealthSummary)), None)
    return {
        "warnings": [warned(code, states) for code in codes],
        "states": sorted(states, key=lambda each: (rank(each.state), each.what)),
        "events": [event(t, fact) for t, fact in changed[:SHOWN]],
        "life": life,
        "summed_up": at(summary[0]) if summary else "",
    }


def rank(state: str) -> int:
    """A state's place in the table: what is bad first; the link has states of its own."""
    return {"warn": 1, "slow": 1, "unknown": 2, "ok": 3, "good": 3}.get(state, 0)


def newest(database: Database, thumbprint: str) -> Iterator[tuple[int, Fact]]:
    """What the kiosk's newest health lines say, the newest first, from at most so many batches of all its ledgers."""
    left = MOST_FRAMES
    for ledger in reversed(ledgers.in_order(database, ledgers.of_kiosks(database, {thumbprint}))):
        for span in frames.newest_spans(database, StreamKey(ledger, "health"), left):
            left -= 1
            for _, line in reversed(frames.lines_of(database, span)):
                yield from told(line)


def told(line: bytes) -> Iterator[tuple[int, Fact]]:
    """The clock and the fact of a line that is of one of our kinds and can be read."""
    try:
        envelope: Envelope = read_line(line)
        if envelope.k in READ:
            yield envelope.t, msgspec.json.decode(envelope.d, type=READ[envelope.k])
    except (BadData, msgspec.DecodeError, UnicodeDecodeError):
        return


def standings(changed: list[tuple[int, HealthChanged]]) -> list[Standing]:
    """The newest state of each probe."""
    found: dict[str, Standing] = {}
    for t, fact in changed:
        since = fact.since if fact.since is not None else t
        found.setdefault(fact.what, Standing(fact.what, fact.state, at(since), fact.code or "", fact.evidence or ""))
    return list(found.values())


def event(t: int, fact: HealthChanged) -> Event:
    """A change for the table."""
    return Event(at(t), fact.what, fact.was, fact.state, fact.evidence or "", fact.for_s, fact.explained_by or "")


def warned(code: str, states: list[Standing]) -> Warned:
    """A warning in words; one that this central has no words for yet shows its code."""
    here = next((each for each in states if each.code == code), None)
    since = here.since if here else ""
    if code not in warning_words.warning_table().warning:
        return Warned(code, "warn", code, "", since)
    said = warning_words.said(code, here.what if here else "", "en")
    return Warned(code, severities().get(code, "warn"), said.title, said.technician.replace("`", ""), since)


def at(ms: int) -> str:
    """A clock of the kiosk, in UTC."""
    return utc(ms).strftime("%Y-%m-%d %H:%M UTC")
