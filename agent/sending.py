"""Has the agent send everything now, and waits until central holds it."""

from __future__ import annotations

import threading
from typing import Final

from agent import requests
from agent.errors import Unreachable
from agent.store import ledger
from agent.store.database import Store

LOOK_AGAIN_S: Final = 0.1


def unheld(store: Store) -> int:
    """How many lines central does not hold, over both streams."""
    rows = store.rows("SELECT next, last FROM carry WHERE next <= last")
    carried = sum(int(last) - int(following) + 1 for following, last in rows)
    return carried + sum(state.last - state.held for state in ledger.states(store))


def send_and_wait(store: Store, timeout_s: float) -> None:
    """Return when central holds every line written before now; raises Unreachable `not-held` after `timeout_s`."""
    number = requests.ask(store, requests.SEND)
    wanted = {state.ledger + state.name: state.last for state in ledger.states(store)}
    until = store.clock.boot_ms() + timeout_s * 1000
    pause = threading.Event()
    while store.clock.boot_ms() < until:
        states = ledger.states(store)
        same = all(state.held >= wanted.get(state.ledger + state.name, state.last) for state in states)
        if same and not store.rows("SELECT 1 FROM carry WHERE next <= last"):
            return
        pause.wait(LOOK_AGAIN_S)
    asked = store.rows("SELECT done_t FROM request WHERE number = ?", number)
    alive = bool(asked) and asked[0][0] is not None
    why = "central did not take them" if alive else "the agent did not answer; is it running?"
    raise Unreachable("not-held", f"{unheld(store)} lines are not held by central: {why}")
