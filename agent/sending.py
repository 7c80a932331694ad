"""Has the agent send everything now, and waits until central holds it."""

from __future__ import annotations

import threading
from typing import Final

from agent import requests
from agent.domain.link import REACHED
from agent.errors import Unreachable
from agent.store import ledger, link_log, spending
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
    raise Unreachable("not-held", f"{unheld(store)} lines are not held by central: {why(store, number)}")


def why(store: Store, number: int) -> str:
    """Why a wish to send has not led to receipts, as far as this machine knows."""
    asked = store.rows("SELECT done_t FROM request WHERE number = ?", number)
    if not asked or asked[0][0] is None:
        return "the agent did not answer; is it running?"
    if spending.kept(store, spending.HELD_BACK).count:
        return "the bytes of this day are spent ([upload] daily_bytes); the rest goes tomorrow"
    link = link_log.current(store)
    state = f" (link {link.state} {link.evidence})" if link and link.state not in REACHED else ""
    return f"central did not take them{state}"
