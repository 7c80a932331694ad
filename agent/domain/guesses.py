"""How many wrong PINs rest an account for whoever tried them, and for how long."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, NamedTuple

ALLOWED: Final = 5  # of one address
ALLOWED_TOGETHER: Final = 100  # of all strange addresses: twenty machines that guess at once, never one alone
WITHIN_MS: Final = 60 * 60_000
LOCKED_MS: Final = 5 * 60_000
MOST: Final = 1_000
Key = tuple[str, str]  # where it came from, whose PIN it was to be


class Wrong(NamedTuple):
    """Wrong PINs since `since`, and until when nothing more is asked; ms of the boot clock."""

    tries: int
    since: int
    until: int


class Guesses:
    """The wrong PINs of late by key; of more than `MOST` keys the oldest are forgotten."""

    def __init__(self) -> None:
        self.kept: OrderedDict[Key, Wrong] = OrderedDict()

    def locked(self, key: Key, now: int) -> bool:
        """Whether a PIN is not even looked at."""
        found = self.kept.get(key)
        return found is not None and now < found.until

    def wrong(self, key: Key, allowed: int, now: int) -> bool:
        """Count a wrong PIN; whether it was the last that is allowed."""
        found = self.kept.pop(key, None)
        fresh = found is None or now >= found.since + WITHIN_MS
        tries, since = (1, now) if found is None or fresh else (found.tries + 1, found.since)
        locks = tries >= allowed
        self.kept[key] = Wrong(0, now, now + LOCKED_MS) if locks else Wrong(tries, since, 0)
        while len(self.kept) > MOST:
            self.kept.popitem(last=False)
        return locks

    def right(self, key: Key) -> None:
        """The right PIN forgives the wrong ones before it."""
        self.kept.pop(key, None)
