"""The thread that carries: it sends while there is more, rests after failures, and can be woken.

It owes nothing to the screen, and no state of the link ever holds up anything else.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from agent.domain import backoff
from agent.guard import guarded
from agent.office import Office
from agent.store import ledger
from agent.store.database import Store
from agent.uplink import pairing
from agent.uplink.courier import Courier, Turn, remember_pairing
from agent.wire.kinds import HealthChanged

if TYPE_CHECKING:
    from agent.clock import Clock

log: Final = logging.getLogger("rekam.uplink")
UNPAIRED_S: Final = 30.0  # how often to ask whether somebody has typed the code


class Uplink:
    """Repeats turns on a thread of its own. `ask()` wakes it; `luck()` is random in [0, 1)."""

    def __init__(self, store: Store, office: Office, courier: Courier, clock: Clock, luck: Callable[[], float]) -> None:
        self.store = store
        self.office = office
        self.courier = courier
        self.clock = clock
        self.luck = luck
        self.failures = 0
        self.resting_until = 0
        self.beat_due = True
        self._wake = threading.Event()
        self._stopping = False

    def ask(self, *, beat: bool = False, now: bool = False) -> None:
        """Send when there is something to send; with a heartbeat first; `now` ends a rest."""
        self.beat_due = self.beat_due or beat
        if now:
            self.resting_until = 0
        self._wake.set()

    def start(self) -> None:
        """Begin on a thread that dies with the process: every step is safe to cut off."""
        threading.Thread(target=self.run, name="uplink", daemon=True).start()

    def stop(self) -> None:
        """End after the step at hand; nobody waits for it."""
        self._stopping = True
        self._wake.set()

    def run(self) -> None:
        """Turn until stopped."""
        while not self._stopping:
            if self.rest_s() == 0 and self.guarded_turn():
                continue
            self._wake.wait(self.rest_s() or None)
            self._wake.clear()

    def guarded_turn(self) -> bool:
        """A turn that may fail in any way: then it rests, and the thread lives on."""
        more = False

        def turn() -> None:
            nonlocal more
            more = self.turn()

        if error := guarded("uplink", turn):
            self.note(Turn(failed=True, evidence=error))
        return more

    def rest_s(self) -> float:
        """Seconds still to rest."""
        return max(0.0, (self.resting_until - self.clock.boot_ms()) / 1000)

    def turn(self) -> bool:
        """One exchange; whether there is more to do at once."""
        state = ledger.facts(self.store, "pairing").get("pairing", "unpaired")
        if state in ("unpaired", "pending"):
            return self.pair()
        turn = self.courier.heartbeat(link_state(self.store)) if self.beat_due else self.courier.send_next()
        if not turn.failed:
            self.beat_due = False
        if turn.unknown_kiosk:
            remember_pairing(self.store, "unpaired")
        self.note(turn)
        return turn.more and not turn.failed

    def pair(self) -> bool:
        """Ask once to be paired; whether that is done."""
        word, said = pairing.ask(self.courier.central, self.courier.trust, self.courier.signer.key, self.office.code)
        remember_pairing(self.store, word)
        paired = word == "paired"
        reached = said.link == "good"
        self.note(Turn(more=paired, failed=not reached, link=said.link, evidence=said.evidence))
        if reached and not paired:
            self.rest(UNPAIRED_S)
        return paired

    def note(self, turn: Turn) -> None:
        """Remember the link's state, and rest after a failure."""
        note_link(self.store, turn.link, turn.evidence)
        if turn.failed:
            self.rest(backoff.delay_s(self.failures, turn.retry_after_s, self.luck()))
            self.failures += 1
        else:
            self.failures = 0

    def rest(self, seconds: float) -> None:
        """Do nothing for a while."""
        self.resting_until = self.clock.boot_ms() + int(seconds * 1000)


def link_state(store: Store) -> str:
    """The state of the link as last seen; server-down before the first contact."""
    found = store.rows("SELECT state FROM link_change ORDER BY number DESC LIMIT 1")
    return found[0][0] if found else "server-down"


def note_link(store: Store, state: str, evidence: str) -> None:
    """Keep a change of the link's state, by a row and a line; the same state again says nothing."""
    found = store.rows("SELECT state FROM link_change ORDER BY number DESC LIMIT 1")
    was = found[0][0] if found else "unknown"
    if state == was:
        return
    log.info("link %s → %s %s", was, state, evidence)
    with store.write():
        now = store.clock.wall_ms()
        store.run("INSERT INTO link_change (t, state, evidence) VALUES (?, ?, ?)", now, state, evidence)
        ledger.append(store, HealthChanged("link", state, was), "health")
