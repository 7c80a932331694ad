"""What came of the last look into object storage, for the page that accounts for the lines."""

from __future__ import annotations

from typing import Final

import msgspec

from agent.store import ledger
from agent.store.database import Store

LAST: Final = "objects"


class Look(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of the last look, at a wall clock in ms UTC; `code` and `sentence` where it failed."""

    at: int
    files: int = 0
    lines: int = 0
    code: str = ""
    sentence: str = ""


def remember(store: Store, look: Look) -> None:
    """Keep what came of the last look."""
    with store.write():
        ledger.set_fact(store, LAST, msgspec.json.encode(look).decode())


def last_look(store: Store) -> Look | None:
    """What came of the last look; None where there was none."""
    kept = ledger.facts(store, LAST).get(LAST)
    return msgspec.json.decode(kept, type=Look) if kept else None
