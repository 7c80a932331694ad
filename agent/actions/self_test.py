"""A device is tried out on purpose, so that nothing is found broken on the day it is needed."""

from __future__ import annotations

from typing import Final

import msgspec

from agent.domain.health_rules import DEVICES, PRINTER
from agent.errors import BadData
from agent.store import ledger
from agent.store.database import Store
from agent.wire.kinds import DeviceTested

TESTABLE = (PRINTER, *DEVICES)
KEPT: Final = 100  # trials of each device; nobody asks for older ones, and their lines are in the stream


class Trial(msgspec.Struct, frozen=True):
    """When a device was tried, ms UTC, whether it worked, and by which officer (0: the agent)."""

    device: str
    t: int
    ok: bool
    by: int


def note(store: Store, device: str, *, ok: bool, by: int) -> None:
    """Keep what came of a trial, with its line; raises BadData `unknown-device`."""
    if device not in TESTABLE:
        raise BadData("unknown-device", f"a device is one of {', '.join(TESTABLE)}", field="device")
    with store.write():
        store.run(
            "INSERT INTO self_test (device, t, ok, by) VALUES (?, ?, ?, ?)",
            device, store.clock.wall_ms(), int(ok), by,
        )  # fmt: skip
        forget_old(store, device)
        ledger.append(store, DeviceTested(device, ok, by), "health")


def forget_old(store: Store, device: str) -> None:
    """Drop what is too old, inside the caller's transaction; the newest trial that worked stays, however old."""
    store.run(
        "DELETE FROM self_test WHERE device = ?1"
        " AND number <= (SELECT number FROM self_test WHERE device = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)"
        " AND number IS NOT (SELECT max(number) FROM self_test WHERE device = ?1 AND ok = 1)",
        device, KEPT,
    )  # fmt: skip


def newest(store: Store) -> dict[str, Trial]:
    """The newest trial of each device that was ever tried."""
    rows = store.rows(
        "SELECT device, t, ok, by FROM self_test WHERE number IN (SELECT max(number) FROM self_test GROUP BY device)"
    )
    return {device: Trial(device, t, bool(ok), by) for device, t, ok, by in rows}
