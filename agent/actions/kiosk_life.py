"""Suspend a kiosk and bring it back; its numbers, streams and log go on where they were."""

from __future__ import annotations

from agent.domain import kiosk_life
from agent.domain.kiosk_life import ACTIVE, Change
from agent.errors import Conflict
from agent.store import ledger
from agent.store.database import Store
from agent.wire.kinds import KioskChanged

COLUMNS = "t, was, state, reason, by"


def state(store: Store) -> str:
    """How this kiosk stands: active, suspended or retired."""
    found = store.rows("SELECT state FROM kiosk_change ORDER BY number DESC LIMIT 1")
    return str(found[0][0]) if found else ACTIVE


def last_change(store: Store) -> Change | None:
    """The newest move; None for a kiosk that was never moved."""
    found = changes(store, 1)
    return found[0] if found else None


def changes(store: Store, most: int = 20) -> list[Change]:
    """What became of this kiosk, the newest first."""
    rows = store.rows(f"SELECT {COLUMNS} FROM kiosk_change ORDER BY number DESC LIMIT ?", most)  # noqa: S608
    return [Change(*row) for row in rows]


def move(store: Store, wanted: str, reason: str, by: int = 0) -> Change:
    """Suspend, resume or retire this kiosk, with its line; raises Conflict `illegal-move`, BadData `unknown-reason`."""
    kiosk_life.check_reason(reason)
    with store.write():
        was = state(store)
        change = Change(store.clock.wall_ms(), was, kiosk_life.after(was, wanted), reason, by)
        store.run(
            f"INSERT INTO kiosk_change ({COLUMNS}) VALUES (?, ?, ?, ?, ?)",  # noqa: S608 — our own columns
            change.t, change.was, change.state, change.reason, change.by,
        )  # fmt: skip
        ledger.append(store, KioskChanged(change.state, change.was, reason, by), "health")
    return change


def check_gives_numbers(store: Store, by: int) -> None:
    """Raises Conflict `kiosk-suspended` where a citizen asks a kiosk that is not at work; officers may."""
    if not by and state(store) != ACTIVE:
        raise Conflict("kiosk-suspended", "this kiosk gives no numbers now; ask an officer, or the nearest office")
