"""The rows of a roster that were refused: every one with its reason, until the roster goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from agent.domain.roster import RowFault
from agent.store.database import Store

ALL: Final = -1


def put(store: Store, number: int, faults: Iterable[RowFault]) -> None:
    """Keep refused rows, inside the caller's transaction."""
    for fault in faults:
        store.run("INSERT INTO roster_refused (roster, row, why) VALUES (?, ?, ?)", number, fault.row, fault.why)


def rows(store: Store, number: int, most: int = ALL) -> list[RowFault]:
    """The refused rows of a roster as they stood in its file, all or the first ones."""
    found = store.rows("SELECT row, why FROM roster_refused WHERE roster = ? ORDER BY row LIMIT ?", number, most)
    return [RowFault(row, why) for row, why in found]


def reasons(store: Store, number: int) -> list[tuple[str, int]]:
    """How many rows were refused for each reason, the most frequent first."""
    sql = "SELECT why, count(*) FROM roster_refused WHERE roster = ? GROUP BY why ORDER BY 2 DESC, 1"
    return [(why, many) for why, many in store.rows(sql, number)]
