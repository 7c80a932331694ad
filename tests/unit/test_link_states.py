"""What tells the states of the link apart, and that each has words."""

from __future__ import annotations

from typing import get_args

import pytest

from agent.domain import link
from agent.domain.link import LinkState, Local, is_portal, needs_probe, reached_as, settled

STATES = get_args(LinkState)
PLUGGED = Local(("eth0",), ("10.0.0.2",))
UNPLUGGED = Local((), ())
NO_LEASE = Local(("eth0",), ())


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_sentence_for_officer_and_technician_in_both_languages(state) -> None:
    for table in (link.OFFICER, link.TECHNICIAN):
        assert table[state].id.endswith(".")
        assert table[state].en.endswith(".")


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        ("HTTP 401 unknown-kiosk", "unknown-kiosk"),
        ("revoked", "revoked"),
        ("HTTP 503 suspended", "suspended"),
        ("HTTP 413 too-large", "413"),
        ("ConnectionAbortedError: the proxy answers 407", "407"),
    ],
)
def test_the_officer_hears_why_central_refuses(evidence, code) -> None:
    assert link.officer_words("server-refuses", evidence) == link.REFUSALS[code]


def test_another_reason_or_another_state_has_the_state_s_own_sentence() -> None:
    assert link.officer_words("server-refuses", "HTTP 403 not-allowed") == link.OFFICER["server-refuses"]
    assert link.officer_words("server-down", "HTTP 503 suspended") == link.OFFICER["server-down"]


def test_no_two_states_say_the_same() -> None:
    assert len({words.id for words in link.OFFICER.values()}) == len(STATES)


@pytest.mark.parametrize("told", sorted(set(STATES) - link.REACHED))
def test_without_a_cable_every_failure_is_the_missing_cable(told) -> None:
    assert settled(told, UNPLUGGED, portal=None) == "no-interface"


@pytest.mark.parametrize("told", sorted(set(STATES) - link.REACHED))
def test_without_an_address_every_failure_is_the_missing_address(told) -> None:
    assert settled(told, NO_LEASE, portal=None) == "no-address"


@pytest.mark.parametrize("told", sorted(link.REACHED))
def test_central_reached_is_central_reached_whatever_the_interfaces_say(told) -> None:
    assert settled(told, UNPLUGGED, portal=True) == told


@pytest.mark.parametrize("told", sorted(link.PORTAL_LOOKS_LIKE))
def test_a_portal_that_answered_explains_what_looks_like_it(told) -> None:
    assert settled(told, PLUGGED, portal=True) == "captive-portal"


@pytest.mark.parametrize("told", ["server-refuses", "proxy-truncates"])
def test_a_portal_explains_nothing_that_central_itself_said(told) -> None:
    assert settled(told, PLUGGED, portal=True) == told


@pytest.mark.parametrize("portal", [False, None])
def test_without_a_portal_a_state_stays_as_told(portal) -> None:
    assert settled("tls-untrusted", PLUGGED, portal=portal) == "tls-untrusted"


def test_nothing_is_asked_where_there_is_no_network_to_ask() -> None:
    assert not needs_probe("server-down", UNPLUGGED)
    assert not needs_probe("server-down", NO_LEASE)
    assert needs_probe("server-down", PLUGGED)


def test_nothing_is_asked_when_the_traffic_has_told() -> None:
    assert not any(needs_probe(state, PLUGGED) for state in ("good", "captive-portal", "server-refuses"))


@pytest.mark.parametrize(
    ("status", "location", "media", "portal"),
    [
        (302, "http://login.warung.example/", "", True),
        (200, "", "text/html", True),
        (511, "", "text/html", True),
        (301, "https://rekam.example.go.id/rekam-probe", "", False),
        (301, "HTTPS://Rekam.Example.go.id/", "", False),
        (301, "https://rekam.example.go.id.warung.example/", "", True),
        (404, "", "text/html", False),
        (200, "", "application/json", False),
        (503, "", "text/html", False),
    ],
)
def test_an_answer_to_a_plain_question_is_a_portals_or_not(status, location, media, portal) -> None:
    assert is_portal(status, location, media, "rekam.example.go.id") is portal


def test_a_low_rate_is_slow_and_a_high_one_good() -> None:
    assert reached_as("good", 1000.0, 0.1) == "slow"
    assert reached_as("good", 8000.0, 0.1) == "good"


def test_a_long_round_trip_is_slow() -> None:
    assert reached_as("good", None, 2.5) == "slow"


def test_a_link_on_the_border_does_not_flap() -> None:
    rate = link.SLOW_RATE * 1.2

    assert (reached_as("slow", rate, 0.1), reached_as("good", rate, 0.1)) == ("slow", "good")
