"""What people in the line are told of their wait: from the counters that are open and the minutes measured there."""

from __future__ import annotations

from datetime import time

import msgspec
import pytest

from agent.actions import counters, visits, waits
from agent.domain.wait_estimate import NoEstimate
from agent.office import Office
from agent.settings import HoursSettings
from tests.fakes import MINUTE
from tests.integration.test_no_show import Line
from tests.small_office import small_office, take

ALL_DAY = HoursSettings(open=time(0), close=time(23, 59))


@pytest.fixture
def here(tmp_path):
    line = Line(tmp_path)
    yield line
    line.store.close()


def office_of(home, minutes: int) -> Office:
    """An office that expects so many minutes for a first recording and stays open long enough for a hundred."""
    office = small_office(home, hours=ALL_DAY)
    first = msgspec.structs.replace(office.services["ktp_first"], minutes=minutes)
    offer = msgspec.structs.replace(office.offer, services={**office.services, "ktp_first": first})
    return Office(office.settings, offer, office.regions, office.elections)


@pytest.mark.parametrize(("minutes", "open_now", "wait"), [(4, 1, 400), (4, 2, 200), (10, 2, 500), (4, 0, None)])
def test_a_hundred_who_wait_are_told_by_the_counters_that_are_declared(here, tmp_path, minutes, open_now, wait):
    here.office = office_of(tmp_path, minutes)
    for counter in range(1, open_now + 1):
        counters.open_counter(here.store, here.office, counter)
    for number in range(100):
        take(here.store, here.office, f"r{number}")
    told = waits.wait_for(here.store, here.office, 1, "ktp_first")

    assert (told.ahead, getattr(told.estimate, "middle", None)) == (100, wait)
    assert told.reason == (None if open_now else "no-counter")


def test_two_open_counters_halve_the_wait(here):
    counters.open_counter(here.store, here.office, 1)
    alone = here.take("abcdefghijk")
    one = waits.wait_of(here.store, here.office, visits.find(here.store, alone[-1]))
    counters.open_counter(here.store, here.office, 2)
    two = waits.wait_of(here.store, here.office, visits.find(here.store, alone[-1]))

    assert (one.ahead, one.estimate.middle, two.estimate.middle) == (10, 40, 20)


@pytest.mark.parametrize("was_open", [False, True])
def test_with_no_counter_open_there_is_no_estimate_and_a_reason(here, was_open):
    if was_open:
        counters.open_counter(here.store, here.office, 1, by=7)
        counters.close_counter(here.store, 1, by=7)
    wait = waits.wait_for(here.store, here.office, 1, "ktp_first")
    given = take(here.store, here.office, "a")

    assert (wait.estimate, wait.minutes) == (NoEstimate("no-counter"), None)
    assert (given.wait_minutes, given.wait_reason) == (None, "no-counter")
    assert waits.accuracy(here.store, 1).count == 0


def test_a_counter_for_other_services_does_not_shorten_a_wait(here):
    counters.open_counter(here.store, here.office, 1, ["ktp_first"])
    counters.open_counter(here.store, here.office, 2, ["kk"])
    here.take("abc")

    assert waits.wait_for(here.store, here.office, 1, "ktp_first").estimate.middle == 12
    assert waits.wait_for(here.store, here.office, 1, "kia").estimate == NoEstimate("no-counter")


def test_measured_times_replace_the_expected_ones(here):
    for letter in "abcdefghij":
        (visit,) = here.take(letter)
        here.call()
        here.clock.forward(10 * MINUTE)
        visits.finish(here.store, visit, "recorded")

    assert waits.times(here.store, here.office, ["ktp_first"])["ktp_first"].mean == 7


def test_what_people_were_told_is_held_against_what_came(here):
    counters.open_counter(here.store, here.office, 1)
    here.take("ab")
    here.call()
    here.clock.forward(90 * MINUTE)
    here.call()
    told = waits.accuracy(here.store, 1)

    assert (told.count, told.within) == (2, 1)
    assert told.miss > 60
