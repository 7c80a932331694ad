"""A drill by script: every fault that Rekam knows happens once, is told in plain words, and ends without a button."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

import pytest

from agent import doctor
from agent.actions import health
from agent.domain.health import Rule
from agent.warning_words import said
from tests.watched_office import Site

MOST_ROUNDS = 60  # of a minute: what counts last needs to have lasted longest
# What somebody without training cannot be expected to know.
JARGON = ("DNS", "DHCP", "TLS", "SBI", "TCP", "USB id", "systemctl", "journalctl", "rekam ", "sqlite", "firewall")


class Drill:
    """An office to which one fault after another happens."""

    def __init__(self, home) -> None:
        self.site = Site(home)
        self.rules = health.rules(self.site.office)
        self.all_well = {rule.reading: self.well(rule.reading) for rule in self.rules}
        self.readings = dict(self.all_well)
        self.site.probes = {"drill": lambda: dict(self.readings)}

    def faults(self) -> Iterator[Rule]:
        """The first rule of each code that this office's settings let happen."""
        seen = set()
        for rule in self.rules:
            if rule.code not in seen and rule.low != float("inf"):
                seen.add(rule.code)
                yield rule

    def sick(self, rule: Rule) -> float:
        """A reading that shows this fault and none that is worse."""
        of_probe = [each for each in self.rules if each.probe == rule.probe]
        shown = [
            value for value in (rule.low, 0.0, rule.high - 1) if isfinite(value) and rule.fits({rule.reading: value})
        ]
        worst = {value: next(each for each in of_probe if each.fits({rule.reading: value})) for value in shown}
        return next(value for value in shown if worst[value].code == rule.code)

    def well(self, reading: str) -> float:
        """A reading that no rule takes for a fault."""
        own = [rule for rule in self.rules if rule.reading == reading]
        return next(value for value in (1.0, 0.0, 10.0, 1e15) if not any(rule.fits({reading: value}) for rule in own))

    def look_until(self, is_told: bool, code: str) -> dict:
        for _ in range(MOST_ROUNDS):
            self.site.look()
            found = doctor.examine(self.site.store, self.site.office, "id")
            if is_told == (code in {each["code"] for each in found["warnings"]}):
                return found
        raise AssertionError(f"{code} is not {'told' if is_told else 'over'} after {MOST_ROUNDS} minutes")


@pytest.fixture
def drill(tmp_path):
    made = Drill(tmp_path)
    yield made
    made.site.store.close()


def test_every_fault_is_told_in_plain_words_and_over_without_a_button(drill):
    drilled = []
    for rule in drill.faults():
        drill.readings = {**drill.all_well, rule.reading: drill.sick(rule)}
        found = drill.look_until(True, rule.code)
        assert found["verdict"] == rule.severity, rule.code
        (told,) = [each for each in found["warnings"] if each["code"] == rule.code]
        assert told["officer"]
        assert told["technician"]
        drill.readings = drill.all_well
        assert drill.look_until(False, rule.code)["verdict"] == "ok", rule.code
        drilled.append(rule.code)

    assert len(drilled) > 50


@pytest.mark.parametrize("lang", ["id", "en"])
def test_no_first_step_of_an_officer_asks_for_a_technicians_words(drill, lang):
    steps = {rule.code: said(rule.code, rule.probe, lang).officer for rule in drill.faults()}

    assert {code: step for code, step in steps.items() if any(word in step for word in JARGON)} == {}
    assert max(len(step.split()) for step in steps.values()) <= 30
