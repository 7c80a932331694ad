"""The bytes of a day that are counted, and what waits because they are spent; small facts in the database."""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from agent.domain.allowance import Spent
from agent.store import ledger
from agent.store.database import Store

SPENT: Final = "bytes_today"
HELD_BACK: Final = "held_back"


def spent_on(store: Store) -> Spent:
    """What was spent on the newest day that spent anything."""
    return kept(store, SPENT)


def held_back(store: Store, today: date) -> int:
    """How many lines the sender left for tomorrow's bytes when it last looked today; 0 when none."""
    found = kept(store, HELD_BACK)
    return found.count if found.day == today.isoformat() else 0


def kept(store: Store, name: str) -> Spent:
    """A day and its count; an empty one before the first."""
    text = ledger.facts(store, name).get(name, "")
    return msgspec.json.decode(text, type=Spent) if text else Spent()


def keep(store: Store, name: str, found: Spent | None) -> None:
    """Write it down where it changed; None for nothing."""
    text = msgspec.json.encode(found).decode() if found else ""
    if ledger.facts(store, name).get(name, "") != text:
        with store.write():
            ledger.set_fact(store, name, text)
