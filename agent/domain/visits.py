"""The life of a visit as one table: a move that is not in it is refused."""

from __future__ import annotations

from typing import Final

from agent.errors import BadData, Conflict

WAITING: Final = "waiting"
CALLED: Final = "called"
HELD: Final = "held"
FINISHED: Final = "finished"
STATES: Final = (WAITING, CALLED, HELD, FINISHED)

# (state, move) → state. `leave` is finishing with an outcome of those who are not served,
# `list` with a place on a list for another day.
MOVES: Final[dict[tuple[str, str], str]] = {
    (WAITING, "call"): CALLED,
    (CALLED, "recall"): CALLED,
    (CALLED, "finish"): FINISHED,
    (WAITING, "leave"): FINISHED,
    (CALLED, "leave"): FINISHED,
    (HELD, "leave"): FINISHED,
    (CALLED, "absent"): WAITING,
    (WAITING, "hold"): HELD,
    (CALLED, "hold"): HELD,
    (HELD, "release"): WAITING,
    (HELD, "call"): CALLED,
    (WAITING, "transfer"): WAITING,
    (CALLED, "transfer"): WAITING,
    (HELD, "transfer"): WAITING,
    (WAITING, "list"): FINISHED,
    (CALLED, "list"): FINISHED,
    (HELD, "list"): FINISHED,
    (FINISHED, "correct"): FINISHED,
}

OUTCOMES: Final = (
    "recorded", "already_recorded", "failed_capture", "print_ready", "handed_over", "no_blank", "incomplete_papers",
    "link_down", "device_broken", "referred", "no_show", "cancelled",
)  # fmt: skip
LEAVING: Final = ("no_show", "cancelled")  # people who were never at a counter


def after(state: str, move: str) -> str:
    """The state after `move`; raises Conflict `illegal-move`."""
    if (state, move) not in MOVES:
        raise Conflict("illegal-move", f"a visit that is {state} cannot be moved by `{move}`", field="visit")
    return MOVES[state, move]


def finishing_move(outcome: str) -> str:
    """The move that an outcome stands for; raises BadData `unknown-outcome`."""
    if outcome not in OUTCOMES:
        raise BadData("unknown-outcome", f"an outcome is one of {', '.join(OUTCOMES)}", field="outcome")
    return "leave" if outcome in LEAVING else "finish"
