"""What the link was like: each change of its state with its evidence, and what the newest exchanges measured."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from agent.clock import HOUR_MS
from agent.domain.link_measure import Measures
from agent.store import ledger
from agent.store.database import Store
from agent.wire.kinds import HealthChanged

log: Final = logging.getLogger("rekam.uplink")
KEPT: Final = 5000  # changes: an office day of a link that changes every six seconds
TOLD: Final = "link_told"  # a fact: the state that central was told last
LINES_AN_HOUR: Final = 6  # of a link that changes more often only what lasts is told
LASTS_MS: Final = 10 * 60_000
FILE: Final = "run/link.json"  # on a RAM disk: a row for each exchange would be most of what the agent writes
MOST_EVIDENCE: Final = 400


class Change(msgspec.Struct, frozen=True):
    """The link became `state` at `t`, ms UTC by this machine's clock; `evidence` is for a technician."""

    number: int
    t: int
    state: str
    evidence: str


def changes(store: Store, most: int) -> list[Change]:
    """The newest changes, newest first."""
    return [
        Change(*row)
        for row in store.rows("SELECT number, t, state, evidence FROM link_change ORDER BY number DESC LIMIT ?", most)
    ]


def current(store: Store) -> Change | None:
    """The link's state since when and why; None before the first attempt."""
    return next(iter(changes(store, 1)), None)


def note(store: Store, state: str, evidence: str) -> None:
    """Keep a change of the link's state, by a row and a line unless it flaps; the same again says nothing.

    Another reason for a refusal is a change of evidence alone: a row, but no line.
    """
    evidence = evidence[:MOST_EVIDENCE]
    before = current(store)
    was = before.state if before else "unknown"
    if before and state == was and (state != "server-refuses" or evidence == before.evidence):
        return
    log.info("link %s → %s %s", was, state, evidence)
    with store.write():
        now = store.clock.wall_ms()
        store.run("INSERT INTO link_change (t, state, evidence) VALUES (?, ?, ?)", now, state, evidence)
        store.run("DELETE FROM link_change WHERE number <= (SELECT max(number) FROM link_change) - ?", KEPT)
        if state != was:
            tell(store, was)


def tell(store: Store, was: str = "") -> None:
    """Tell central of a state that it was not told, inside the caller's transaction.

    Of a link that flaps only what has lasted: `note` holds its lines back, and each round asks here again.
    `was` is the state before, for an office that never noted what it told.
    """
    newest, told = current(store), ledger.facts(store, TOLD).get(TOLD, was)
    now = store.clock.wall_ms()
    if newest is None or newest.state == told or not told or (flaps(store, now) and abs(now - newest.t) < LASTS_MS):
        return
    late = newest.t if newest.t != now else None
    ledger.append(store, HealthChanged("link", newest.state, told, newest.evidence, since=late), "health")
    ledger.set_fact(store, TOLD, newest.state)


def flaps(store: Store, now: int) -> bool:
    """Whether it changed more often within the last hour than is told."""
    since = now - HOUR_MS
    count: int = store.rows("SELECT count(*) FROM link_change WHERE t > ? AND t <= ?", since, now)[0][0]
    return count > LINES_AN_HOUR


def between(store: Store, after: int, until: int) -> list[Change]:
    """The changes of a stretch of time, ms UTC, oldest first."""
    return [
        Change(*row)
        for row in store.rows(
            "SELECT number, t, state, evidence FROM link_change WHERE t > ? AND t <= ? ORDER BY number", after, until
        )
    ]


def last_contact(store: Store) -> int | None:
    """Our wall clock at the newest receipt, ms UTC; None before the first."""
    found: int | None = store.rows("SELECT max(receipt_at) FROM stream")[0][0]
    return found


def measures(home: Path) -> Measures:
    """What the newest exchanges since the boot measured; empty where there was none."""
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode((home / FILE).read_bytes(), type=Measures)
    return Measures()


def keep_measures(home: Path, found: Measures) -> None:
    """Leave them where others read them."""
    fresh = (home / FILE).with_suffix(".new")
    with suppress(OSError):
        fresh.write_bytes(msgspec.json.encode(found))
        fresh.replace(home / FILE)
