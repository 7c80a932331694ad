"""When to try again: for ever, spread at random, never earlier than central asks."""

from __future__ import annotations

from typing import Final

SHORTEST_S: Final = 5.0
LONGEST_S: Final = 300.0
LONG_OUTAGE_S: Final = 600.0
RETRY_AFTER_SPREAD: Final = 0.2


def delay_s(failures: int, retry_after_s: float | None, luck: float) -> float:
    """Seconds until the next try after `failures` in a row; `luck` is a random number in [0, 1).

    Full jitter over 5 s doubling to 300 s; a Retry-After is kept and spread by up to a fifth.
    """
    if retry_after_s is not None:
        return retry_after_s * (1 + RETRY_AFTER_SPREAD * luck)
    ceiling = min(LONGEST_S, SHORTEST_S * 2.0 ** min(failures, 16))
    return SHORTEST_S + (ceiling - SHORTEST_S) * luck


def first_try_s(away_s: float, luck: float) -> float:
    """Seconds until the first try after an outage of `away_s`: 7,000 kiosks come back at once."""
    return LONGEST_S * luck if away_s > LONG_OUTAGE_S else 0.0
