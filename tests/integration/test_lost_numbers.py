"""Numbers of visits that a restored database lost are on paper already: they are not given again."""

from __future__ import annotations

import pytest

from agent.actions import day
from tests.fakes import DAY
from tests.restored import copy_database, put_back, tickets
from tests.small_office import take
from tests.wired_office import wired

office = pytest.fixture(wired)


def test_numbers_of_lost_visits_are_not_given_again_today(office):
    tickets(office, 3)
    copy_database(office)
    tickets(office, 4)
    put_back(office)

    assert tickets(office, 1)[-1] == "A-008"


def test_nor_where_the_whole_day_was_lost(office):
    copy_database(office)
    tickets(office, 4)
    put_back(office)

    assert tickets(office, 1)[-1] == "A-005"
    assert office.store.rows("SELECT max(number) FROM queue_day") == [(2,)]


def test_nor_in_a_series_that_the_copy_did_not_know(office):
    tickets(office, 1)
    copy_database(office)
    for number in range(3):
        take(office.store, office.office, f"other {number}", service="ask")
    put_back(office)

    assert take(office.store, office.office, "again", service="ask").ticket == "D-004"


def test_after_more_than_a_day_a_new_series_begins_at_one_again(office):
    tickets(office, 3)
    copy_database(office)
    tickets(office, 4)
    put_back(office)
    office.clock.forward(2 * DAY)
    day.close_if_due(office.store, office.office)

    assert tickets(office, 1)[-1] == "A-001"


def test_days_that_were_lost_are_not_counted_again(office):
    copy_database(office)
    for _ in range(3):
        tickets(office, 1)
        office.clock.forward(DAY)
    put_back(office)
    office.clock.forward(DAY)
    tickets(office, 1)

    assert office.store.rows("SELECT number FROM queue_day") == [(4,)]
