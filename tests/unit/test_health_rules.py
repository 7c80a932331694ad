"""The table of symptoms: each reads what some probe gives, and tells at its limit and not before."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agent import metrics
from agent.domain import explaining, health
from agent.domain.health import Moment, Round
from agent.domain.health_rules import DEVICES, EXPLAINED_BY, LINK_STATES, MB, PRINTER, reading_name, rules
from agent.settings_health import LimitSettings

AGENT = Path(metrics.__file__).parent
RULES = rules(LimitSettings(), ["10.0.0.1:443"])
WRITTEN = " ".join(
    file.read_text()
    for folder in ("probes", "actions", "printing", "domain", "jobs", ".")
    for file in (AGENT / folder).glob("*.py")
    if file.name not in ("health_rules.py", "metrics.py")
)
NAMED = set(re.findall(r'"([a-z][a-z0-9_]+)"', WRITTEN)) | {f"agent_{name}" for name in ("rss_bytes", "uss_bytes")}
NAMED |= {f"kiosk_{name}" for name in ("rss_bytes", "uss_bytes")}
OF_DEVICES = {f"{reading_name(device)}_" for device in (*DEVICES, PRINTER)}


def shown(readings: dict[str, float]) -> set[str]:
    """The symptoms that stand at once when these readings are seen for long."""
    tracks: dict[str, health.Track] = {}
    for minute in range(60):
        now = 1_000_000 + 60_000 * minute
        tracks = health.judge(Round(readings), RULES, tracks, Moment(now - 60_000, now, 90_000)).tracks
    return {track.code for track in tracks.values() if track.is_bad}


def test_every_rule_reads_what_a_probe_gives():
    read = {rule.reading for rule in RULES if not rule.reading.startswith("reachable ")}
    own = {name for name in read if not any(name.startswith(device) for device in OF_DEVICES)}

    assert own - NAMED == set()


def test_every_metric_tells_what_a_probe_gives():
    assert set(metrics.READINGS) - NAMED == set()


@pytest.mark.parametrize(
    ("reading", "well", "bad", "code"),
    [
        ("disk_free", 2048 * MB, 2048 * MB - 1, "disk-low"),
        ("disk_free", 512 * MB, 512 * MB - 1, "disk-full"),
        ("temperature_c", 79.9, 80, "too-hot"),
        ("clock_off_s", 59.9, 60, "clock-off"),
        ("clock_off_s", 86_399, 86_400, "clock-wrong"),
        ("oldest_unsent_s", 86_399, 86_400, "upload-late"),
        ("unclean_shutdowns_week", 2, 3, "unclean-shutdowns"),
        ("interfaces_up", 1, 0, "no-network"),
        ("failing_jobs", 0, 1, "job-failing"),
        ("siak_reachable", 1, 0, "siak-unreachable"),
        ("camera_present", 1, 0, "device-missing"),
        ("camera_unused_days", 4, 5, "self-test-due"),
        ("reachable 10.0.0.1:443", 1, 0, "address-unreachable"),
    ],
)
def test_a_symptom_shows_at_its_limit_and_not_before(reading, well, bad, code):
    assert code not in shown({reading: well})
    assert code in shown({reading: bad})


@pytest.mark.parametrize("state", LINK_STATES)
def test_each_state_of_the_link_but_good_is_its_own_symptom(state):
    expected = set() if state == "good" else {f"link-{state}"}

    assert shown({"link_state": float(LINK_STATES.index(state))}) == expected


def test_what_the_mains_battery_says_counts_only_while_it_is_used():
    assert shown({"on_battery": 0, "battery_percent": 5}) == set()
    assert shown({"on_battery": 1, "on_battery_percent": 5}) == {"battery-low"}
    assert shown({"on_battery": 1, "on_battery_percent": 80}) == {"power-out"}


def test_a_device_that_is_not_asked_about_use_never_proves_itself():
    never = rules(LimitSettings(unused_days=0))

    assert not any(rule.fits({"camera_unused_days": 366.0}) for rule in never)


def test_nothing_explains_itself_in_a_circle():
    for code in EXPLAINED_BY:
        assert explaining.cause(code, set(EXPLAINED_BY) | {"no-network", "power-out"}, EXPLAINED_BY) != code


@pytest.mark.parametrize("effect", ["siak-unreachable", "printer-offline", "no-network", "address-unreachable"])
def test_a_power_cut_explains_what_has_no_battery(effect):
    assert explaining.cause(effect, {"power-out", effect}, EXPLAINED_BY) == "power-out"
