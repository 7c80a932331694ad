"""The link to central for people and programs of this machine: how it is, how it was, what it measures."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Final

import msgspec

from agent.domain.flapping import Stay, folded
from agent.domain.link import OFFICER, REACHED, TECHNICIAN, Words, officer_words
from agent.store import link_log
from agent.store.database import Store

HISTORY: Final = 50
FRESH_MS: Final = 45 * 60_000  # older measures say nothing of the link now; the heartbeat renews them
LASTS_MS: Final = 10 * 60_000  # what passes sooner is no news at a counter
NOBODY_KNOWS: Final = Words("Belum pernah mencoba menghubungi pusat.", "Central was not tried yet.")


class Moment(msgspec.Struct, frozen=True):
    """The link was `state` from `t` on, ms UTC, for `seconds`; None for the one that lasts.

    `evidence` is what a technician needs to believe it. It came and went, where `changes` is more than 1.
    """

    state: str
    t: int
    seconds: int | None
    evidence: str
    officer: Words
    technician: Words
    changes: int = 1


def history(store: Store, most: int = HISTORY) -> list[Moment]:
    """The newest states of the link, newest first; the first one is how it is now."""
    found = link_log.changes(store, link_log.KEPT)
    ends = [None, *(change.t for change in found)]
    stays = [Stay(each.state, each.t, end, each.evidence) for each, end in zip(found, ends, strict=False)]
    return [moment(stay) for stay in islice(folded(stays, frozenset(REACHED)), most)]


def now(store: Store) -> Moment | None:
    """How the link is; None before the first try."""
    found = link_log.current(store)
    return moment(Stay(found.state, found.t, None, found.evidence)) if found else None


def moment(stay: Stay) -> Moment:
    """A state of the link in words."""
    seconds = None if stay.until is None else max(0, (stay.until - stay.t) // 1000)
    return Moment(stay.state, stay.t, seconds, stay.evidence, *words(stay.state, stay.evidence), stay.changes)


def for_officers(store: Store) -> Words | None:
    """What officers should know of the link: its sentence once a state in which no lines arrive has lasted a while."""
    found = now(store)
    if found is None or found.state in REACHED or abs(store.clock.wall_ms() - found.t) < LASTS_MS:
        return None
    return found.officer


def words(state: str, evidence: str) -> tuple[Words, Words]:
    """What a state means and what to do: a sentence for the officer, one for the technician."""
    if state not in OFFICER:
        return NOBODY_KNOWS, NOBODY_KNOWS
    return officer_words(state, evidence), TECHNICIAN[state]


def readings(store: Store) -> Mapping[str, float]:
    """link_round_trip_s, link_loss_percent, link_goodput_kbit (per second), as far as newer than 45 minutes."""
    found = link_log.measures(store.home)
    if abs(store.clock.wall_ms() - found.t) > FRESH_MS:
        return {}
    said = {"link_round_trip_s": found.round_trip_s}
    if found.loss is not None:
        said["link_loss_percent"] = 100 * found.loss
    if found.goodput is not None:
        said["link_goodput_kbit"] = found.goodput * 8 / 1000
    return said
