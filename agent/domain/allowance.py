"""The day's bytes of a prepaid SIM: what may still be spent, and on what first."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

import msgspec

Purpose = Literal["heartbeat", "enrollments", "health"]
HEARTBEAT_COST: Final = 4096  # IP bytes both ways with a resumed TLS connection, rounded up from what was measured
HEALTH_LEAVES: Final = 4  # health never touches the last quarter of a day's bytes: a visit may still come


class Spent(msgspec.Struct, frozen=True):
    """IP bytes both ways on a local date."""

    day: str = ""
    count: int = 0


def spend(spent: Spent, today: date, count: int) -> Spent:
    """`count` more bytes today; a new date starts at nothing."""
    day = today.isoformat()
    return Spent(day, (spent.count if spent.day == day else 0) + count)


def left(spent: Spent, today: date, daily: int) -> int:
    """Bytes of today's that are not spent; never below 0."""
    used = spent.count if spent.day == today.isoformat() else 0
    return max(0, daily - used)


def allowed(purpose: Purpose, unspent: int, daily: int, heartbeats_left: int) -> int:
    """Bytes that `purpose` may spend now of the day's `unspent`.

    Heartbeats come first, so lines leave them enough for the rest of the day, but at most half of
    the day's bytes; health comes last and leaves a quarter for visits that may still come.
    """
    if purpose == "heartbeat":
        return unspent
    kept = min(heartbeats_left * HEARTBEAT_COST, daily // 2)
    if purpose == "health":
        kept += daily // HEALTH_LEAVES
    return max(0, unspent - kept)
