"""The life of a kiosk: what may follow what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.kiosk_life import ACTIVE, MOVES, REASONS, RETIRED, SUSPENDED, after, check_reason, moves_from
from agent.errors import BadData, Conflict

STATES = (ACTIVE, SUSPENDED, RETIRED)


@pytest.mark.parametrize(
    ("state", "move", "then"),
    [(ACTIVE, "suspend", SUSPENDED), (SUSPENDED, "resume", ACTIVE), (SUSPENDED, "retire", RETIRED),
     (RETIRED, "resume", ACTIVE)],
)  # fmt: skip
def test_a_kiosk_is_suspended_retired_and_brought_back(state, move, then):
    assert after(state, move) == then


@given(st.sampled_from(STATES), st.sampled_from(["suspend", "resume", "retire", "delete", ""]))
def test_a_move_that_is_not_offered_is_refused(state, move):
    if move in moves_from(state):
        assert after(state, move) in STATES
    else:
        with pytest.raises(Conflict, match=f"{state} cannot"):
            after(state, move)


def test_from_every_state_there_is_a_way_back_to_work():
    assert {state for (state, _), then in MOVES.items() if then == ACTIVE} == {SUSPENDED, RETIRED}


def test_a_reason_is_one_of_a_few_words():
    assert [check_reason(reason) for reason in REASONS] == list(REASONS)
    with pytest.raises(BadData, match="a reason is one of repair"):
        check_reason("Pak Budi sakit")
