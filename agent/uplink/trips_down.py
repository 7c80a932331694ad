"""Takes over what central tells of the trips of this kecamatan's other devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agent.actions import told_trips
from agent.errors import BadData
from agent.store import ledger
from agent.wire import trips as wire
from agent.wire.line import ledger_thumbprint

if TYPE_CHECKING:
    from agent.store.database import Store
    from agent.uplink.trust import Trust

MARK: Final = "trips_mark"  # of what is kept
REFUSED: Final = "trips_refused"  # a mark that could not be believed, and the key list by which it could not


class TripsDown:
    """Keeps what is told; nothing of it moves anything else."""

    def __init__(self, store: Store, trust: Trust) -> None:
        self.store = store
        self.trust = trust

    def wants(self, mark: str | None) -> bool:
        """Whether a receipt's mark names something that is not kept and was not refused by the keys we have."""
        known = ledger.facts(self.store, MARK, REFUSED)
        return mark is not None and mark != known.get(MARK) and self.refusal(mark) != known.get(REFUSED)

    def accept(self, token: str, promised: str = "") -> bool:
        """Keep what central told, if it is signed by a listed key and meant for this kiosk; whether it was."""
        kiosk = ledger_thumbprint(ledger.tail(self.store, ledger.ENROLLMENTS).ledger)
        try:
            word = wire.read_told(token, self.trust.keys(), kiosk)
        except BadData:
            self.remember(REFUSED, self.refusal(promised))
            return False
        if word.mark != ledger.facts(self.store, MARK).get(MARK):
            with self.store.write():
                told_trips.keep_central(self.store, word)
                ledger.set_fact(self.store, MARK, word.mark)
        return True

    def refusal(self, mark: str) -> str:
        """A mark and the keys by which it was looked at: with newer keys it is looked at again."""
        return f"{mark} {self.trust.keys().number}"

    def remember(self, name: str, value: str) -> None:
        """Keep a small fact, unless it is known."""
        if ledger.facts(self.store, name).get(name) != value:
            with self.store.write():
                ledger.set_fact(self.store, name, value)
