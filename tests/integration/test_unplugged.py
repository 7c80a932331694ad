"""Unplugged at 10:02, back at 10:40: page, doctor, metrics and batch all say 38 minutes, once."""

from __future__ import annotations

import re

import msgspec
import pytest

from agent import doctor
from agent.actions import health, reports
from agent.domain import period
from agent.domain.health_rules import LINK_STATES
from agent.jobs import sample_health
from agent.probes import link
from agent.store import link_log
from agent.uplink.signing import status_of
from agent.wire.line import read_line
from tests.fakes import MINUTE, SECOND, wall
from tests.rounds import named
from tests.watched_office import LASTED_S, TEN_FORTY, TEN_O_TWO


@pytest.fixture
def over(site):
    """An hour after it is all over."""
    site.look_until(TEN_O_TWO)
    site.plugged = False
    site.look_until(TEN_FORTY)
    site.plugged = True
    site.look_until(wall("2026-11-23T11:40"))
    return site


def test_the_page_tells_one_outage_with_last_good_first_bad_and_how_long(over):
    (outage,) = health.outages(over.store, "ticket-printer")

    assert (outage.last_good, outage.first_bad, outage.back) == (TEN_O_TWO - MINUTE, TEN_O_TWO, TEN_FORTY)
    assert outage.for_s == LASTED_S
    assert health.warnings(over.store) == ()


@pytest.mark.parametrize(("lang", "words"), [("en", "38 min"), ("id", "38 menit")])
def test_the_doctor_tells_it_once(over, lang, words):
    found = over.doctor()

    assert (found["verdict"], found["warnings"]) == ("ok", [])
    assert [each["for_s"] for each in found["outages"]] == [LASTED_S]
    assert re.findall(r"38 \w+", doctor.as_text(found, lang, over.office.zone)) == [words]


def test_in_indonesian_the_doctor_speaks_no_english(site):
    site.look_until(TEN_O_TWO)
    site.plugged = False
    site.look_until(wall("2026-11-23T11:27"))

    text = doctor.as_text(doctor.examine(site.store, site.office, "id"), "id", site.office.zone)
    assert "[gangguan] Pencetak karcis tidak menjawab (printer-offline), sejak" in text
    assert ", 1 jam 25 menit\n" in text


def test_the_metrics_tell_it_once(over):
    found = over.metrics()

    assert found["rekam_outage_seconds_total", "ticket-printer"] == LASTED_S
    assert found["rekam_probe_state", "ticket-printer", "ok"] == 1
    assert [key for key in found if key[0] == "rekam_warning"] == []


def test_the_batch_tells_it_once(over):
    first, down, back = over.batch_lines("ticket-printer")

    assert (first["state"], first["was"]) == ("ok", "unknown")
    assert (down["state"], down["code"], down["since"]) == ("down", "printer-offline", TEN_O_TWO)
    assert (back["state"], back["since"], back["for_s"]) == ("ok", TEN_FORTY, LASTED_S)
    assert "for_s" not in down


def test_the_quarter_hours_tell_38_rounds(over):
    bodies = over.store.rows("SELECT body FROM line WHERE stream = 2 ORDER BY n")
    lines = [read_line(body) for (body,) in bodies]
    states = [msgspec.json.decode(line.d)["states"]["ticket-printer"] for line in lines if line.k == "health.summary"]

    assert sum(each.get("down", 0) for each in states) == 38


def test_while_it_lasts_all_say_since_when(site):
    site.look_until(TEN_O_TWO)
    site.plugged = False
    site.look_until(wall("2026-11-23T10:20"))
    (warning,) = site.doctor()["warnings"]

    assert (warning["code"], warning["for_s"], warning["since"]) == ("printer-offline", 18 * 60, "2026-11-23T02:02:00Z")
    assert warning["evidence"] == "no route to host"
    assert site.metrics()["rekam_warning_age_seconds", "printer-offline"] == 18 * 60
    assert site.doctor()["verdict"] == "down"


def test_an_agent_that_no_longer_looks_is_the_warning(site):
    site.look_until(TEN_O_TWO)
    site.clock.forward(20 * MINUTE)
    found = site.doctor()

    assert (found["verdict"], found["warnings"][0]["code"]) == ("down", "agent-stopped")


def test_a_probe_that_answers_nothing_makes_the_verdict_unknown_and_is_named(site):
    site.probes = {"ticket-printer": lambda: 1 / 0}
    site.look_until(TEN_O_TWO)
    found = site.doctor()

    assert found["verdict"] == "unknown"
    assert "Gave no answer when asked: ticket printer" in doctor.as_text(found, "en", site.office.zone)


def test_a_ups_that_falls_silent_during_its_outage_ends_no_warning(site):
    says = {"on_battery": 0.0}
    site.probes = {"power": lambda: says}
    site.look_until(TEN_O_TWO)
    says["on_battery"] = 1.0
    site.look_until(wall("2026-11-23T10:20"))
    says.clear()
    site.look_until(TEN_FORTY)

    assert [each.code for each in health.warnings(site.store)] == ["power-out"]
    assert [each.back for each in health.outages(site.store)] == [None]


def test_before_the_first_look_nothing_is_known(site):
    assert site.doctor()["verdict"] == "unknown"
    assert "rekam-agent" in doctor.as_text(site.doctor(), "id", site.office.zone)


def test_a_flapping_link_is_one_warning_with_its_rate(site):
    site.probes = {"link": lambda: link.read(site.store)}
    for _ in range(10):
        for state in ("server-down", "good"):
            link_log.note(site.store, state, "")
            for _ in range(3):
                site.look()
    (warning,) = site.doctor()["warnings"]

    assert (warning["code"], warning["probe"]) == ("link-server-down", "link")
    assert 8 <= warning["rate"] <= 10
    assert len(health.outages(site.store)) == 4  # the three before it was known to flap, and the one that goes on


@pytest.mark.parametrize("seconds", [10, 45])
def test_a_link_that_flaps_between_two_rounds_is_told_with_its_true_rate(site, seconds):
    site.probes = {"link": lambda: link.read(site.store)}
    for second in range(4000):
        if second % seconds == 0:
            link_log.note(site.store, ("good", "server-down")[second // seconds % 2], "")
        if second % 60 == 0:
            sample_health.run(site.store, site.office, named(site.probes))
        site.clock.forward(SECOND)
    (warning,) = site.doctor()["warnings"]

    assert warning["code"] == "link-server-down"
    assert abs(warning["rate"] - 3600 / seconds / 2) <= 0.05 * 3600 / seconds / 2


def test_no_network_is_one_warning_for_people_and_programs(site):
    cut_off = {
        "network": lambda: {"interfaces_up": 0.0},
        "link": lambda: {"link_state": float(LINK_STATES.index("no-dns"))},
        "ledger": lambda: {"oldest_unsent_s": 200_000.0},
        "clock": lambda: {"clock_unknown_s": 7_200.0},
    }
    site.probes = cut_off
    site.look_until(TEN_O_TWO)
    found = site.doctor()

    assert [each["code"] for each in found["warnings"] if each["explained_by"] is None] == ["no-network"]
    assert len(found["warnings"]) == 4
    assert [key[1] for key in site.metrics() if key[0] == "rekam_warning"] == ["no-network"]
    assert status_of(site.store, "no-dns").warnings == ["no-network"]
    assert doctor.as_text(found, "id", site.office.zone).count("[gangguan]") == 1


@pytest.fixture
def cable(site):
    """An office with SIAK whose network cable is out from 10:02 until now; the uplink learns of its end much later."""
    link_state = {True: "good", False: "no-interface"}
    site.probes = {
        "network": lambda: {"interfaces_up": float(site.plugged)},
        "siak": lambda: {"siak_reachable": float(site.plugged)},
        "link": lambda: link.read(site.store),
    }
    for moment, site.plugged in ((TEN_O_TWO, True), (TEN_FORTY, False)):
        link_log.note(site.store, link_state[site.plugged], "")
        site.look_until(moment)
    site.plugged = True
    return site


def test_a_cable_that_is_back_leaves_no_warning_until_the_uplink_tries_again(cable):
    cable.look_until(TEN_FORTY + 5 * MINUTE)

    assert [each["code"] for each in cable.doctor()["warnings"]] == ["link-no-interface"]
    assert cable.doctor()["verdict"] == "ok"


def test_a_cable_that_was_out_is_one_outage_for_people_and_programs(cable):
    cable.look_until(TEN_FORTY + 5 * MINUTE)
    link_log.note(cable.store, "good", "")
    cable.look_until(wall("2026-11-23T11:40"))
    found = cable.doctor()
    text = doctor.as_text(found, "en", cable.office.zone)

    assert {each["code"]: each["explained_by"] for each in found["outages"]} == {
        "no-network": None, "siak-unreachable": "no-network", "link-no-interface": "no-network",
    }  # fmt: skip
    assert text.count("38 min") == 1
    assert "38 min; disturbed with it: SIAK cannot be reached, Not connected to a network" in text


def test_the_batch_says_what_lay_behind_an_outage(cable):
    cable.look_until(TEN_FORTY + 5 * MINUTE)
    told = [(each["what"], each["state"], each.get("explained_by")) for each in cable.batch_lines("network", "siak")]

    assert told[2:] == [
        ("network", "down", None), ("siak", "down", "no-network"),
        ("network", "ok", None), ("siak", "ok", "no-network"),
    ]  # fmt: skip


@pytest.mark.parametrize("until", ["2026-11-23T10:20", "2026-11-23T11:40"], ids=["while it lasts", "when it is over"])
def test_a_report_tells_of_the_power_cut_and_not_of_the_printer_that_went_with_it(site, until):
    site.probes["power"] = lambda: {"on_battery": float(not site.plugged)}
    site.look_until(TEN_O_TWO)
    site.plugged = False
    site.look_until(min(TEN_FORTY, wall(until)))
    site.plugged = wall(until) > TEN_FORTY
    site.look_until(wall(until))

    (told,) = reports.failures(site.store, site.office, period.read("2026-11-23"))
    assert (told.warning, told.since, told.minutes) == ("power-out power", TEN_O_TWO, 38 if site.plugged else 18)
