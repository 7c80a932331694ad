"""The thread that carries: it sends while there is more, rests after failures, and can be woken.

It owes nothing to the screen, and no state of the link ever holds up anything else.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from agent.clock import local
from agent.domain import backoff
from agent.domain.link import REACHED
from agent.guard import guarded
from agent.office import Office
from agent.store import ledger, link_log
from agent.store.database import Store
from agent.uplink import pairing
from agent.uplink.courier import Courier, remember_pairing
from agent.uplink.diagnose import TRUSTING, Diagnosis
from agent.uplink.rhythm import Rhythm
from agent.uplink.turn import Turn

if TYPE_CHECKING:
    from agent.clock import Clock

LOOK_S: Final = 3.0  # how often to look for a cable while there is none; it sends nothing
NEAR_MS: Final = 10 * 60_000


class Uplink:
    """Repeats turns on a thread of its own. `ask()` wakes it; `luck()` is random in [0, 1).

    `told` hears after each row of turns what went wrong inside, empty when nothing did, and the
    seconds that it rests.
    """

    def __init__(
        self,
        store: Store,
        office: Office,
        courier: Courier,
        clock: Clock,
        luck: Callable[[], float],
        diagnosis: Diagnosis = TRUSTING,
        told: Callable[[str, float], None] = lambda _error, _rest_s: None,
    ) -> None:
        self.store = store
        self.office = office
        self.courier = courier
        self.clock = clock
        self.luck = luck
        self.diagnosis = diagnosis
        self.told = told
        self.error = ""
        self.rhythm = Rhythm()
        self.beat_due = True
        self.by_hand = False
        self._wake = threading.Event()
        self._stopping = False

    def ask(self, *, beat: bool = False, now: bool = False) -> None:
        """Send when there is something to send; with a heartbeat first; `now` ends a rest, whatever the hour."""
        self.beat_due = self.beat_due or beat
        if now:
            self.by_hand = True
            self.rhythm.cut_short()
        self._wake.set()

    def start(self) -> None:
        """Begin on a thread that dies with the process: every step is safe to cut off."""
        away_s = backoff.away_s(link_log.last_contact(self.store), self.clock.wall_ms())
        self.rhythm.rest(backoff.first_try_s(away_s, self.luck()), self.clock.boot_ms())
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
            guarded("uplink", self.courier.hang_up)
            guarded("uplink", lambda: self.told(self.error, self.rest_s()))
            self.wait()

    def wait(self) -> None:
        """Until the rest is over, or somebody asks; without a network of its own, until that is back."""
        rest = self.rest_s() or None
        cut_off = self.rhythm.cut_off
        if self._wake.wait(min(rest or LOOK_S, LOOK_S) if cut_off else rest):
            self._wake.clear()
        elif cut_off and self.diagnosis.is_usable():
            away_s = backoff.away_s(link_log.last_contact(self.store), self.clock.wall_ms())
            self.rhythm.came_back(away_s, self.luck(), self.clock.boot_ms())
            self.beat_due = True

    def guarded_turn(self) -> bool:
        """A turn that may fail in any way: then it rests, and the thread lives on."""
        more = False

        def turn() -> None:
            nonlocal more
            more = self.turn()

        self.error = guarded("uplink", turn)
        if self.error:
            self.note(Turn(failed=True, evidence=self.error))
        return more

    def rest_s(self) -> float:
        """Seconds still to rest."""
        return self.rhythm.rest_s(self.clock.boot_ms())

    def turn(self) -> bool:
        """One exchange; whether there is more to do at once."""
        state = ledger.facts(self.store, "pairing").get("pairing", "unpaired")
        if state in ("unpaired", "pending"):
            return self.pair()
        turn = self.exchange()
        if turn is None:
            return False
        if not turn.failed:
            self.beat_due = False
        elif turn.in_doubt:
            self.beat_due = True  # central may hold what it did not answer: asking costs less than sending again
        if turn.unknown_kiosk:
            remember_pairing(self.store, "unpaired")
        self.note(turn)
        return turn.more and not turn.failed

    def exchange(self) -> Turn | None:
        """The heartbeat if it is due, else lines if this is an hour for them; None outside the windows."""
        if self.beat_due:
            return self.courier.heartbeat(link_state(self.store))
        if not self.by_hand and not is_open(self.office, self.clock):
            return None
        turn = self.courier.send_next()
        self.by_hand = self.by_hand and (turn.more or turn.failed)
        return turn

    def pair(self) -> bool:
        """Ask once to be paired, if the day's bytes allow it; whether that is done."""
        courier = self.courier
        if not courier.load.affords_a_word():
            return False
        word, said = pairing.ask(
            courier.central, courier.trust, courier.signer.key, self.office.code, courier.load.paid
        )
        if word:
            remember_pairing(self.store, word)
        paired = word == "paired"
        reached = said.link in REACHED
        self.note(
            Turn(
                more=paired, failed=not reached, link=said.link, evidence=said.evidence,
                retry_after_s=said.retry_after_s,
            )
        )  # fmt: skip
        if reached and not paired:
            self.rhythm.rest(self.rhythm.next_question_s(), self.clock.boot_ms())
        return paired

    def note(self, turn: Turn) -> None:
        """Remember the link's state, and rest after a failure."""
        if turn.link:
            link, seen = self.diagnosis.explain(turn.link) if turn.failed else (turn.link, "")
            if link == "clock-wrong" and clock_is_right(self.store):
                link = "tls-untrusted"  # the clock was found right meanwhile: so it is the certificate that is old
            self.rhythm.cut_off = link in ("no-interface", "no-address")
            link_log.note(self.store, link, "; ".join(filter(None, (turn.evidence, seen))))
        if turn.failed:
            self.rhythm.failed(turn, self.luck(), self.clock.boot_ms())
        elif turn.link:
            self.rhythm.reached(turn, self.luck(), self.clock.boot_ms())


def is_open(office: Office, clock: Clock) -> bool:
    """Whether the settings let lines be sent at this hour."""
    return office.settings.upload.is_open(local(clock.wall_ms(), office.zone).time())


def clock_is_right(store: Store) -> bool:
    """Whether central's time was heard in this boot and this clock is near it."""
    behind = ledger.behind_central_ms(store)
    return behind is not None and abs(behind) <= NEAR_MS


def link_state(store: Store) -> str:
    """The state of the link as last seen; server-down before the first contact."""
    found = link_log.current(store)
    return found.state if found else "server-down"
