"""Each warning has words for everybody, and each word has its warning."""

from __future__ import annotations

import re

import pytest

from agent.actions.health import AGENT, STOPPED
from agent.domain import health_rules, link
from agent.settings_health import LimitSettings
from agent.warning_words import Words, filled, probe_name, said, warning_table

RULES = health_rules.rules(LimitSettings(), ["10.0.0.1:443"])
CODES = sorted({STOPPED, *(rule.code for rule in RULES)})


def texts(words: Words) -> list[str]:
    return [text for each in (words.title, words.officer, words.technician) for text in (each.id, each.en)]


def test_every_warning_has_words_and_no_words_are_left_over():
    assert sorted(warning_table().warning) == CODES


def test_every_probe_has_a_name():
    probes = {rule.probe for rule in RULES if not rule.probe.startswith(health_rules.ADDRESS)}

    assert set(warning_table().probe) == {AGENT, *probes}


@pytest.mark.parametrize("code", CODES)
def test_the_words_of_a_warning_are_sentences_with_their_blanks_known(code):
    words = warning_table().warning[code]

    assert all(text.strip() for text in texts(words))
    assert all(set(re.findall(r"{\w+}", text)) <= {"{device}", "{Device}"} for text in texts(words))
    assert all(text.endswith(".") for text in texts(words)[2:])
    assert not any(text.endswith(".") for text in texts(words)[:2])


def test_what_explains_or_is_explained_is_a_warning():
    named = {code for code, causes in health_rules.EXPLAINED_BY.items() for code in (code, *causes)}

    assert named <= set(CODES)


def test_a_device_is_called_by_its_name_in_the_reader_s_language():
    assert said("device-missing", "camera", "id").title == "Kamera tidak terpasang"
    assert said("device-missing", "camera", "en").title == "The camera is not connected"


def test_an_address_is_its_own_name():
    assert probe_name("address 10.0.0.1:443", "id") == "10.0.0.1:443"


def test_a_name_is_put_wherever_it_is_asked_for():
    assert filled("{Device}: {device}", "pad") == "Pad: pad"


@pytest.mark.parametrize("state", [state for state in health_rules.LINK_STATES if state != "good"])
def test_a_link_state_has_the_same_words_as_a_warning_and_in_its_history(state):
    words = warning_table().warning[f"link-{state}"]

    assert (words.officer.id, words.officer.en) == (link.OFFICER[state].id, link.OFFICER[state].en)
    assert (words.technician.id, words.technician.en) == (link.TECHNICIAN[state].id, link.TECHNICIAN[state].en)
