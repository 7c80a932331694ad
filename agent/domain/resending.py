"""When lines that were left somewhere are to be put there again: central should have said something by now. Pure."""

from __future__ import annotations

from typing import Final

import msgspec

PATIENCE_MS: Final = 24 * 3_600_000


class Waiting(msgspec.Struct, frozen=True):
    """How far central held a stream, and since when that has not changed, ms UTC."""

    held: int
    since: int


def waiting(before: Waiting | None, held: int, now_ms: int) -> Waiting:
    """What is waited for now; a clock that was set back begins the wait anew."""
    if before is None or before.held != held or before.since > now_ms:
        return Waiting(held, now_ms)
    return before


def is_over(now: Waiting, now_ms: int) -> bool:
    """Whether the wait was long enough to believe that what was left there is gone."""
    return now_ms - now.since >= PATIENCE_MS
