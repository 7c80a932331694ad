"""What lies behind what: while both stand, and when one of them is over before the other."""

from __future__ import annotations

import pytest

from agent.domain.explaining import AFTERMATH_MS, Spell, is_behind, reason, standing
from agent.domain.health import Track
from tests.fakes import HOUR, MINUTE, MORNING

CAUSES = {"siak": ("network",), "network": ("power",)}
OUT, BACK = MORNING, MORNING + 38 * MINUTE
NETWORK = Spell("network", OUT, BACK)


@pytest.mark.parametrize(
    ("began", "until", "explained"),
    [
        (OUT, BACK, True),
        (OUT - MINUTE, BACK, True),
        (OUT + 5 * MINUTE, BACK + 5 * MINUTE, True),
        (OUT, BACK + AFTERMATH_MS + MINUTE, False),
        (OUT - HOUR, BACK, False),
        (BACK + MINUTE, BACK + 2 * MINUTE, False),
    ],
    ids=["together", "seen first", "told later", "lasted on", "was there long before", "came after"],
)
def test_what_is_over_is_explained_by_what_lasted_about_as_long(began, until, explained):
    assert is_behind(NETWORK, Spell("siak", began, until), until) is explained


@pytest.mark.parametrize(("minutes", "explained"), [(0, True), (11, True), (13, False)])
def test_a_cause_that_is_over_explains_for_some_minutes_what_it_left(minutes, explained):
    tracks = {"siak": Track("down", "siak", OUT)}
    (warning,) = standing(tracks, CAUSES, BACK + minutes * MINUTE, [NETWORK])

    assert warning.explained_by == ("network" if explained else None)


def test_a_cause_that_is_over_explains_nothing_that_began_afterwards():
    tracks = {"siak": Track("down", "siak", BACK + MINUTE)}
    (warning,) = standing(tracks, CAUSES, BACK + 3 * MINUTE, [NETWORK])

    assert warning.explained_by is None


def test_while_both_stand_it_does_not_matter_which_was_seen_first():
    tracks = {"siak": Track("down", "siak", OUT - HOUR), "network": Track("down", "network", OUT)}

    assert [each.explained_by for each in standing(tracks, CAUSES, BACK)] == [None, "network"]


def test_what_is_over_is_followed_to_its_root():
    power = Spell("power", OUT - MINUTE, BACK - MINUTE)

    assert reason(Spell("siak", OUT, BACK), [NETWORK, power], CAUSES, BACK) == "power"
