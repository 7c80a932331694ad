"""What the kiosk and the command line ask of the agent, by a row and a nudge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from agent.nudge import nudge
from agent.store.database import Store
from agent.store.models import Request

KEPT: Final = 200


def ask(store: Store, kind: str) -> int:
    """Write down a wish and wake the agent; the wish's number."""
    with store.write():
        number = Request.create(kind=kind, asked_t=store.clock.wall_ms()).number
    nudge(store.home)
    return int(number)


def fulfil(store: Store, able: Mapping[str, Callable[[], str]]) -> int:
    """Do every open wish that `able` knows, each answered with a word; how many."""
    wishes = store.rows("SELECT number, kind FROM request WHERE done_t IS NULL ORDER BY number LIMIT 100")
    for number, kind in wishes:
        result = able[kind]() if kind in able else "unknown-request"
        with store.write():
            done = store.clock.wall_ms()
            store.run("UPDATE request SET done_t = ?, result = ? WHERE number = ?", done, result, number)
            store.run("DELETE FROM request WHERE number <= ?", number - KEPT)
    return len(wishes)
