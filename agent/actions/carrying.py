"""Carrying by stick for people at a page: which sticks there are, begin, and how far it is.

Only the agent touches sticks; everything here is a wish in `request` and what it answered.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from agent import requests
from agent.domain.mounts import Stick
from agent.errors import Conflict, NotFound
from agent.nudge import nudge
from agent.requests import FIND_STICKS, WORKING, Progress
from agent.store.database import Store

Direction = Literal["out", "in"]
FRESH_MS: Final = 5_000
KNOWN_MS: Final = 60_000  # while the agent looks again, what it found before stays on the page so long
SILENT_MS: Final = 5_000
STALLED_MS: Final = 120_000
SHOWN_MS: Final = 15 * 60_000  # what came of a carrying stays on the page so long


class Carrying(msgspec.Struct, frozen=True):
    """A carrying that was asked for: which way, where, and how far it is; None before it began."""

    direction: str
    place: str
    progress: Progress | None

    @property
    def is_over(self) -> bool:
        """Whether the stick may be pulled without anything left undone."""
        return self.progress is not None and self.progress.state != WORKING


class Search(msgspec.Struct, frozen=True):
    """What is known of the mounted sticks: those found last, and whether the agent is at it or has fallen silent."""

    sticks: list[Stick]
    looking: bool = False
    silent: bool = False


def search(store: Store) -> Search:
    """What the agent found lately; an answer older than five seconds has it look again, and nobody waits for it."""
    now = store.clock.wall_ms()
    found = answered(store, now - FRESH_MS)
    if found is None:
        asked = look(store)
        found = answered(store, now - FRESH_MS)
        if found is None:
            silent = not 0 <= now - asked < SILENT_MS
            return Search([] if silent else answered(store, now - KNOWN_MS) or [], not silent, silent)
    return Search(found)


def look(store: Store) -> int:
    """Wish for a look, or wake the agent for the wish that it still has; when that was wished, ms UTC."""
    rows = store.rows(
        "SELECT asked_t FROM request WHERE kind = ? AND done_t IS NULL ORDER BY number LIMIT 1", FIND_STICKS
    )
    if rows:
        nudge(store.home)
        return int(rows[0][0])
    requests.ask(store, FIND_STICKS)
    return store.clock.wall_ms()


def answered(store: Store, since: int) -> list[Stick] | None:
    """What the agent found since a wall clock in ms UTC; None where nobody asked."""
    rows = store.rows(
        "SELECT result FROM request WHERE kind = ? AND done_t BETWEEN ? AND ? ORDER BY number DESC LIMIT 1",
        FIND_STICKS, since, store.clock.wall_ms(),
    )  # fmt: skip
    return decoded(rows[0][0]) if rows else None


def decoded(result: str) -> list[Stick]:
    """The sticks in an answer; none in that of an agent that knows of no sticks."""
    try:
        return msgspec.json.decode(result, type=list[Stick])
    except msgspec.DecodeError:
        return []


def newest(store: Store) -> Carrying | None:
    """The carrying that was asked for last, if that was lately."""
    now = store.clock.wall_ms()
    rows = store.rows(
        "SELECT kind, result, coalesce(done_t, asked_t) FROM request WHERE kind LIKE 'stick-%'"
        " ORDER BY number DESC LIMIT 1"
    )
    if not rows or not now - SHOWN_MS < rows[0][2] <= now:
        return None
    kind, result, _ = rows[0]
    verb, _, place = kind.partition(" ")
    return Carrying(verb.removeprefix("stick-"), place, msgspec.json.decode(result, type=Progress) if result else None)


def begin(store: Store, direction: Direction, place: str) -> None:
    """Ask the agent to carry; raises NotFound for what is no stick, Conflict `busy` while another is under way."""
    known = answered(store, 0) or []
    if place not in [stick.place for stick in known]:
        raise NotFound("no-stick", "there is no such stick any more; look again", field="place")
    current = newest(store)
    if current is not None and not current.is_over and not has_stalled(store):
        raise Conflict("busy", "the stick at hand is not done yet; wait until the page says so")
    requests.ask(store, f"stick-{direction} {place}")


def has_stalled(store: Store) -> bool:
    """Whether the newest wish was never begun, so that it holds nobody up for ever."""
    rows = store.rows(
        "SELECT asked_t FROM request WHERE kind LIKE 'stick-%' AND result IS NULL ORDER BY number DESC LIMIT 1"
    )
    return bool(rows) and not 0 <= store.clock.wall_ms() - rows[0][0] < STALLED_MS
