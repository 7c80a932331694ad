"""What the link was like: its history with evidence, and what real exchanges measured."""

from __future__ import annotations

import json

import pytest

from agent.actions import link
from agent.domain.link import OFFICER, Local
from agent.store import link_log
from agent.uplink.answers import Traffic
from agent.uplink.diagnose import Diagnosis, Probed
from agent.uplink.load import Load
from tests.fakes import HOUR, MINUTE, MORNING, SECOND

PLUGGED = Local(("eth0",), ("10.0.0.2",))


def test_the_history_tells_each_state_with_its_evidence_and_how_long_it_lasted(store) -> None:
    link_log.note(store, "no-dns", "gaierror: -2")
    store.clock.forward(10 * MINUTE)
    link_log.note(store, "good", "")

    newest, before = link.history(store)

    assert (newest.state, newest.seconds, newest.officer) == ("good", None, OFFICER["good"])
    assert (before.state, before.t, before.seconds, before.evidence) == ("no-dns", MORNING, 600, "gaierror: -2")


def test_a_clock_that_steps_back_makes_no_state_last_less_than_nothing(store) -> None:
    link_log.note(store, "no-dns", "")
    store.clock.step_to(0)
    link_log.note(store, "good", "")

    assert link.history(store)[1].seconds == 0


def test_a_state_of_a_newer_version_has_a_sentence_too(store) -> None:
    link_log.note(store, "on-the-moon", "")

    assert link.history(store)[0].officer.id


def test_a_change_travels_with_its_evidence_and_no_more_than_a_line_of_it(store) -> None:
    link_log.note(store, "server-down", "x" * 5000)

    line = json.loads(store.rows("SELECT body FROM line")[0][0])
    assert line["d"] == {"what": "link", "state": "server-down", "was": "unknown", "evidence": "x" * 400}


def test_an_exchange_leaves_readings_for_the_health_page(store) -> None:
    load = Load(store, None)
    load.paid(Traffic(acked=16_000, seconds=4.5, rtt_s=0.5, segments=40, again=4))

    assert link.readings(store) == {
        "link_round_trip_s": 0.5,
        "link_loss_percent": 10.0,
        "link_goodput_kbit": 32.0,
    }


def test_old_measures_are_no_readings(store) -> None:
    Load(store, None).paid(Traffic(rtt_s=0.5, segments=40))
    store.clock.forward(46 * MINUTE)

    assert link.readings(store) == {}


def test_before_the_first_exchange_there_are_no_readings(store) -> None:
    assert link.readings(store) == {}


@pytest.mark.parametrize(
    ("told", "local", "probed", "state", "evidence"),
    [
        ("server-down", Local((), ()), None, "no-interface", "no interface has a carrier"),
        ("server-down", Local(("wwan0",), ()), None, "no-address", "wwan0 with no address"),
        ("no-dns", PLUGGED, None, "no-dns", "eth0 with 10.0.0.2"),
        ("tls-untrusted", PLUGGED, Probed(True, "HTTP 302 to login.example"), "captive-portal",
         "port 80 answers HTTP 302 to login.example"),
        ("server-down", PLUGGED, Probed(False, "HTTP 404"), "server-down", "port 80 answers HTTP 404"),
        ("server-refuses", PLUGGED, Probed(True, "never asked"), "server-refuses", ""),
    ],
)  # fmt: skip
def test_a_diagnosis_says_what_it_saw(told, local, probed, state, evidence) -> None:
    assert Diagnosis(lambda: local, lambda: probed).explain(told) == (state, evidence)


def flap(store, seconds: int) -> None:
    """The cable comes and goes, seven seconds each."""
    for _ in range(0, seconds, 14):
        for state in ("no-interface", "good"):
            link_log.note(store, state, "")
            store.clock.forward(7 * SECOND)


def told(store) -> list[str]:
    """The states that the lines tell."""
    return [json.loads(body)["d"]["state"] for (body,) in store.rows("SELECT body FROM line ORDER BY n")]


def test_of_a_link_that_flaps_central_is_told_a_few_changes(store) -> None:
    flap(store, 3600)

    assert len(told(store)) == link_log.LINES_AN_HOUR
    assert len(link_log.changes(store, 1000)) > 500


def test_what_a_link_that_flapped_came_to_is_told_once_it_lasts(store) -> None:
    flap(store, 600)
    link_log.note(store, "no-dns", "gaierror: -2")
    began = store.clock.wall_ms()
    for minutes in (5, 5, 5):
        store.clock.forward(minutes * MINUTE)
        with store.write():
            link_log.tell(store)
    last = json.loads(store.rows("SELECT body FROM line ORDER BY n DESC LIMIT 1")[0][0])["d"]

    assert last == {"what": "link", "state": "no-dns", "was": "good", "evidence": "gaierror: -2", "since": began}
    assert told(store).count("no-dns") == 1


def test_the_history_of_a_link_that_flapped_reaches_back_beyond_it(store) -> None:
    link_log.note(store, "good", "")
    store.clock.forward(HOUR)
    flap(store, 3600)
    newest, flapping, before = link.history(store)

    assert (newest.changes, before.changes, before.t) == (1, 1, MORNING)
    assert (flapping.state, flapping.changes) == ("no-interface", 515)
