"""The day's bytes: counted, and kept within what the settings allow."""

from __future__ import annotations

from datetime import datetime, timedelta

from agent.clock import local
from agent.domain import allowance
from agent.domain.allowance import Purpose, Spent
from agent.domain.batching import LARGEST
from agent.store.database import Store
from agent.store.spending import HELD_BACK, SPENT, keep, spent_on


class Purse:
    """The day's bytes; `daily` 0 means that nobody counts them."""

    def __init__(self, store: Store, zone: str, daily: int, heartbeat: timedelta) -> None:
        self.store = store
        self.zone = zone
        self.daily = daily
        self.heartbeat = heartbeat

    def allowed(self, purpose: Purpose) -> int:
        """Bytes that may be spent now; as many as the largest batch where there is no budget."""
        if not self.daily:
            return 2 * LARGEST
        now = self.now()
        unspent = allowance.left(spent_on(self.store), now.date(), self.daily)
        return allowance.allowed(purpose, unspent, self.daily, heartbeats_left(now, self.heartbeat))

    def spend(self, count: int) -> None:
        """Write down IP bytes that were sent or received."""
        if count and self.daily:
            keep(self.store, SPENT, allowance.spend(spent_on(self.store), self.now().date(), count))

    def hold_back(self, lines: int) -> None:
        """Remember how many lines wait for tomorrow's bytes; 0 when none does."""
        keep(self.store, HELD_BACK, Spent(self.now().date().isoformat(), lines) if lines else None)

    def now(self) -> datetime:
        """Local time of the office."""
        return local(self.store.clock.wall_ms(), self.zone)


def heartbeats_left(now: datetime, every: timedelta) -> int:
    """How many heartbeats the rest of a local day has."""
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return int((midnight - now) / every)
