"""Whether this machine is shut down properly: each boot that ended without a farewell is remembered."""

from __future__ import annotations

from typing import Final

import msgspec

from agent.store import ledger
from agent.store.database import Store

SAID_GOODBYE: Final = "said_goodbye"  # the boot in which the agent last ended on purpose
JUDGED: Final = "boot_judged"
UNCLEAN: Final = "unclean_starts"
KEPT: Final = 50
WEEK_MS: Final = 7 * 86_400_000


def note_start(store: Store) -> None:
    """At a start of the agent: did the boot before this one end properly? Asked once a boot."""
    facts = ledger.facts(store, SAID_GOODBYE, UNCLEAN, JUDGED)
    unclean, first = starts(facts.get(UNCLEAN)), facts.get(JUDGED) != str(store.boot)
    if first and store.boot > 1 and facts.get(SAID_GOODBYE) != str(store.boot - 1):
        unclean = [*unclean, store.clock.wall_ms()][-KEPT:]
    with store.write():
        ledger.set_fact(store, JUDGED, str(store.boot))
        ledger.set_fact(store, UNCLEAN, msgspec.json.encode(unclean).decode())
        ledger.set_fact(store, SAID_GOODBYE, "")  # it may have ended before, in this boot, and go down with it now


def note_end(store: Store) -> None:
    """At an end of the agent that was asked for, as every shutdown does."""
    with store.write():
        ledger.set_fact(store, SAID_GOODBYE, str(store.boot))


def unclean_this_week(store: Store) -> int:
    """How many of the last week's starts followed no proper shutdown; of a clock that stepped, nearest counts."""
    now = store.clock.wall_ms()
    return sum(abs(now - t) < WEEK_MS for t in starts(ledger.facts(store, UNCLEAN).get(UNCLEAN)))


def starts(text: str | None) -> list[int]:
    """The kept times, ms UTC."""
    return msgspec.json.decode(text, type=list[int]) if text else []
