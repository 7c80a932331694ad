"""The life of a kiosk as one table: at work, suspended, retired; a move that is not in it is refused."""

from __future__ import annotations

from typing import Final

import msgspec

from agent.errors import BadData, Conflict

ACTIVE: Final = "active"
SUSPENDED: Final = "suspended"
RETIRED: Final = "retired"

# (state, move) → state. Nothing is counted anew by a move: numbers, streams and log go on where they were.
MOVES: Final[dict[tuple[str, str], str]] = {
    (ACTIVE, "suspend"): SUSPENDED,
    (SUSPENDED, "resume"): ACTIVE,
    (ACTIVE, "retire"): RETIRED,
    (SUSPENDED, "retire"): RETIRED,
    (RETIRED, "resume"): ACTIVE,
}
REASONS: Final = ("repair", "power", "link", "building", "staff", "moved", "other")  # words, so that no name slips in
FOR_GOOD: Final = ("moved", "building", "other")  # of these, what a kiosk is retired for on its page


class Change(msgspec.Struct, frozen=True):
    """One move: when (ms UTC), from which state to which, why, and by whom (0: the command line)."""

    t: int
    was: str
    state: str
    reason: str
    by: int


def after(state: str, move: str) -> str:
    """The state after `move`; raises Conflict `illegal-move`."""
    if (state, move) not in MOVES:
        raise Conflict("illegal-move", f"a kiosk that is {state} cannot be moved by `{move}`", field="move")
    return MOVES[state, move]


def moves_from(state: str) -> tuple[str, ...]:
    """What may be done with a kiosk in that state."""
    return tuple(move for before, move in MOVES if before == state)


def check_reason(reason: str) -> str:
    """The reason; raises BadData `unknown-reason`."""
    if reason not in REASONS:
        raise BadData("unknown-reason", f"a reason is one of {', '.join(REASONS)}", field="reason")
    return reason
