"""When to try again: for ever, spread at random, never earlier than central asks."""

from __future__ import annotations

from typing import Final

SHORTEST_S: Final = 5.0
LONGEST_S: Final = 300.0
LONG_OUTAGE_S: Final = 600.0
RETRY_AFTER_SPREAD: Final = 0.2
MOVING: Final = 2  # a broken exchange that moved bytes rests as after so many failures at the most: the link is there


def delay_s(failures: int, retry_after_s: float | None, luck: float) -> float:
    """Seconds until the next try after `failures` earlier ones in a row; `luck` is random in [0, 1).

    Full jitter from 5 s up to a ceiling that doubles from 10 s to 300 s. A Retry-After is kept
    and spread by up to a fifth, so that those who were told the same moment do not come together.
    """
    if retry_after_s is not None:
        return retry_after_s * (1 + RETRY_AFTER_SPREAD * luck)
    ceiling = min(LONGEST_S, 2 * SHORTEST_S * 2.0 ** min(failures, 16))
    return SHORTEST_S + (ceiling - SHORTEST_S) * luck


def counted(failures: int, *, moved: bool) -> int:
    """Failures in a row after one more; bytes that were acknowledged show that the link itself is there."""
    return min(failures, MOVING - 1) + 1 if moved else failures + 1


def first_try_s(away_s: float, luck: float) -> float:
    """Seconds until the first try after `away_s` without contact, whatever the cause.

    At once after a short absence; else spread over five minutes, because whatever kept
    7,000 kiosks away lets them all come back in the same second.
    """
    return LONGEST_S * luck if away_s > LONG_OUTAGE_S else 0.0


def away_s(last_contact_ms: int | None, wall_ms: int) -> float:
    """Seconds since central was last heard, by the wall clock.

    Never heard: 0, a new office is not one of many. A contact in the future is a broken clock,
    which may follow a power cut that many had: long.
    """
    if last_contact_ms is None:
        return 0.0
    since = (wall_ms - last_contact_ms) / 1000
    return since if since >= 0 else 2 * LONG_OUTAGE_S
