"""When an outage began and how long it lasted, whatever clock and machine did meanwhile."""

from __future__ import annotations

import pytest

from agent.actions import health
from tests.fakes import DAY, HOUR, MINUTE, wall
from tests.small_office import small_store
from tests.watched_office import LASTED_S, TEN_FORTY, TEN_O_TWO, Site

OFF, ON = wall("2026-11-23T15:00"), wall("2026-11-24T08:00")


@pytest.fixture
def unplugged(site):
    """The printer is out since 10:02, and it is three in the afternoon."""
    site.look_until(TEN_O_TWO)
    site.plugged = False
    site.look_until(OFF)
    return site


def start(site: Site, clock: int) -> None:
    """The machine was off and comes up with that clock."""
    site.store.close()
    site.clock.reboot("second", clock)
    site.store = small_store(site.store.home, site.clock)


def times(site: Site) -> tuple[int, int]:
    (outage,) = health.outages(site.store)
    return outage.last_good, outage.first_bad


@pytest.mark.parametrize("step", [-3 * HOUR, 400 * DAY])
def test_a_step_of_the_clock_in_between_changes_no_length(site, step):
    site.look_until(TEN_O_TWO)
    site.plugged = False
    site.look_until(wall("2026-11-23T10:20"))
    site.clock.step_to(site.clock.wall_ms() + step)
    site.look_until(TEN_FORTY + step)
    site.plugged = True
    site.look_until(TEN_FORTY + step + 5 * MINUTE)

    assert [each.for_s for each in health.outages(site.store)] == [LASTED_S]


def test_a_restart_of_the_agent_in_between_changes_nothing(site):
    site.look_until(TEN_O_TWO)
    site.plugged = False
    site.look_until(wall("2026-11-23T10:20"))
    site.store.close()
    site.store = small_store(site.store.home, site.clock)
    site.look_until(TEN_FORTY)
    site.plugged = True
    site.look_until(TEN_FORTY + 5 * MINUTE)

    assert [each.for_s for each in health.outages(site.store)] == [LASTED_S]


@pytest.mark.parametrize("step", [-HOUR, HOUR])
def test_a_step_of_the_clock_leaves_last_good_a_minute_before_first_bad(unplugged, step):
    unplugged.clock.step_to(OFF + step)
    unplugged.look()

    assert times(unplugged) == (TEN_O_TWO - MINUTE + step, TEN_O_TWO + step)


@pytest.mark.parametrize("came_up", [0, OFF - 60 * DAY, OFF + MINUTE], ids=["1970", "an old year", "where it stopped"])
def test_a_clock_that_stood_still_overnight_loses_no_hour_of_an_outage(unplugged, came_up):
    start(unplugged, came_up)
    unplugged.look_until(unplugged.clock.wall_ms() + 20 * MINUTE)
    unplugged.clock.step_to(ON)
    unplugged.look()

    assert times(unplugged) == (TEN_O_TWO - MINUTE, TEN_O_TWO)


def test_while_a_clock_is_at_1970_an_outage_has_lasted_as_long_as_anybody_knows(unplugged):
    start(unplugged, 0)
    unplugged.look_until(20 * MINUTE)
    (outage,) = health.outages(unplugged.store)

    assert abs(outage.for_s - (OFF - TEN_O_TWO) // 1000 - 20 * 60) <= 60


def test_a_clock_that_is_set_right_while_the_machine_is_off_gives_the_times_back(unplugged):
    start(unplugged, 0)
    unplugged.look_until(20 * MINUTE)
    start(unplugged, ON)
    unplugged.look()

    assert times(unplugged) == (TEN_O_TWO - MINUTE, TEN_O_TWO)


def test_what_goes_bad_at_1970_began_when_the_clock_that_was_set_says(site):
    site.look_until(TEN_O_TWO)
    start(site, 0)
    site.plugged = False
    site.look_until(20 * MINUTE)
    up = site.clock.boot_ms()
    site.clock.step_to(ON)
    site.look()

    assert 0 <= times(site)[1] - (ON - up) <= MINUTE
