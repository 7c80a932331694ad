"""How each service stands, and when the agent says so by itself."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.hours import Standing
from agent.domain.notices import Notice, of_service, step, stopped
from tests.small_office import shipped_services

SERVICES = shipped_services()


def notice(what, *services, number=1, proposed=False):
    return Notice(number, what, services or stopped(what, SERVICES), 1000, 0 if proposed else 7, proposed)


def state(*notices, service="ktp_first", quota=None, taken=0, phase="open"):
    return of_service(service, quota, notices, taken, Standing(phase, None))


def test_an_unreachable_siak_stops_what_needs_it_and_nothing_else():
    assert set(SERVICES.services) - set(stopped("siak", SERVICES)) == {"ktp_print", "ask"}


def test_a_broken_set_stops_recording_only():
    assert stopped("set", SERVICES) == ("ktp_first", "ktp_early")


def test_a_power_cut_leaves_advice():
    assert set(SERVICES.services) - set(stopped("power", SERVICES)) == {"ask"}


def test_closed_stops_only_what_is_named():
    assert stopped("closed", SERVICES) == ()


def test_a_disturbed_service_says_by_what_and_since_when():
    told = state(notice("siak"))

    assert (told.state, told.what, told.since) == ("disturbed", "siak", 1000)


def test_a_service_is_open_when_others_are_disturbed():
    assert state(notice("siak"), service="ask").state == "open"


def test_blanks_that_are_out_are_told_apart_from_a_disturbance():
    assert state(notice("blanks"), service="ktp_print").state == "blanks-out"
    assert state(notice("blanks"), notice("siak"), service="ktp_lost").state == "disturbed"


@pytest.mark.parametrize(
    ("taken", "left", "word"), [(0, 2, "open"), (1, 1, "open"), (2, 0, "quota-used"), (5, 0, "quota-used")]
)
def test_the_quota_counts_down_and_never_below_nothing(taken, left, word):
    told = state(quota=2, taken=taken)

    assert (told.state, told.left) == (word, left)


@pytest.mark.parametrize(
    ("phase", "word"), [("before", "open"), ("break", "closed"), ("after", "closed"), ("day-off", "closed")]
)
def test_outside_the_hours_a_service_is_closed_but_people_who_come_early_get_numbers(phase, word):
    assert state(phase=phase).state == word


def test_a_service_that_an_officer_closed_is_closed_whatever_else():
    assert state(notice("closed", "ktp_first"), notice("siak"), quota=0).what == "closed"


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ([0, 0], "keep"),
        ([0, 0, 0], "propose"),
        ([1, 0, 0, 0], "propose"),
        ([0, 0, None, 0], "keep"),
        ([0, 1, 0], "keep"),
        ([], "keep"),
    ],
)
def test_a_notice_is_proposed_after_three_failures_in_a_row(readings, expected):
    assert step(readings, None, dismissed=False) == expected


def test_what_an_officer_dismissed_is_not_proposed_again():
    assert step([0, 0, 0], None, dismissed=True) == "keep"


@pytest.mark.parametrize(("readings", "expected"), [([0, 1], "keep"), ([1, 1], "withdraw"), ([1, None], "keep")])
def test_a_proposal_is_withdrawn_after_two_successes_in_a_row(readings, expected):
    assert step(readings, notice("siak", proposed=True), dismissed=False) == expected


def test_what_an_officer_confirmed_only_an_officer_clears():
    assert step([1] * 5, notice("siak"), dismissed=False) == "keep"


whats = st.lists(st.sampled_from(["siak", "set", "blanks", "power"]), max_size=4)


@given(whats, st.sampled_from(sorted(SERVICES.services)))
def test_a_service_is_open_exactly_when_no_notice_stops_it(named, service):
    notices = [notice(what, number=number) for number, what in enumerate(named)]

    assert (state(*notices, service=service).state == "open") == all(service not in each.services for each in notices)


def test_a_notice_has_no_room_for_a_sentence():
    assert {field.name for field in msgspec.structs.fields(Notice)} == {
        "number", "what", "services", "since", "by", "proposed",
    }  # fmt: skip
