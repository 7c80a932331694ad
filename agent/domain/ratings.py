"""Marks that people give, and what they give them for."""

from __future__ import annotations

from typing import Final

from agent.domain import visits

# Best first: the four marks of the public satisfaction survey, Permenpan RB 14/2017.
MARKS: Final = (4, 3, 2, 1)
GETTING_A_NUMBER: Final = "number"
BEING_SERVED: Final = "service"
TOPICS: Final = (GETTING_A_NUMBER, BEING_SERVED)


def topic(state: str) -> str:
    """What somebody whose visit is in `state` can judge by now."""
    return BEING_SERVED if state == visits.FINISHED else GETTING_A_NUMBER
