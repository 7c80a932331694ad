"""SBI services asked over loopback: four states, errors, delay, strangers on the port, death half-way."""

from __future__ import annotations

import json

import pytest

from agent.clock import SystemClock
from agent.domain import sbi as answers
from agent.domain.health_rules import SBI_STATES
from agent.domain.sbi import Device, Port
from agent.errors import BadData
from agent.probes import sbi
from tests.sbi_stub import (
    STATUS,
    SbiStub,
    discovery,
    faults_of_discovery,
    faults_of_information,
    information,
    took,
)

CLOCK = SystemClock()
DEVICES = {"Face": "camera", "Finger": "fingerprint", "Iris": "iris"}
MODALITY = {"Face": "face", "Finger": "finger", "Iris": "iris"}


def seen(stub: SbiStub, limit_s: float = 2.0) -> tuple[str, str]:
    """State and evidence of the stub's device."""
    found = sbi.read([MODALITY[stub.kind]], CLOCK, [stub.port], limit_s)[DEVICES[stub.kind]]
    return SBI_STATES[int(found[f"{DEVICES[stub.kind]}_sbi"])], found["said"]


@pytest.mark.parametrize("kind", DEVICES)
@pytest.mark.parametrize("state", STATUS)
def test_the_stub_keeps_the_published_rules(kind, state):
    assert faults_of_discovery(discovery(kind, state, 4501)) == []
    assert faults_of_information(information(kind, state, 4501), state) == []


def test_the_rules_notice_what_is_against_them():
    broken = discovery("Face", "ready", 4501)
    del broken[0]["deviceCode"]
    broken[0]["deviceSubId"] = [7]

    assert faults_of_discovery(broken) == ["deviceCode is missing", "deviceSubId"]


@pytest.mark.parametrize("kind", DEVICES)
@pytest.mark.parametrize("state", STATUS)
def test_each_state_of_each_device_is_told(kind, state):
    with SbiStub(kind, state) as stub:
        assert seen(stub)[0] == state


def test_an_error_is_told_with_its_code():
    with SbiStub(state="error") as stub:
        assert seen(stub) == ("error", "103 Device tamper detected")


def test_nobody_on_the_port_is_absent():
    with SbiStub() as stub:
        stub.unplug()

        assert seen(stub)[0] == "absent"


@pytest.mark.parametrize("state", ["silent", "dribbles"])
def test_an_answer_beyond_the_limit_is_slow_and_costs_no_more(state):
    with SbiStub(state=state) as stub:
        assert took(lambda: seen(stub, 0.3)) < 1.5
        assert seen(stub, 0.3) == ("slow", f"port {stub.port}")


def test_a_stranger_on_the_port_is_named():
    with SbiStub(state="foreign") as stub:
        assert seen(stub) == ("foreign", f"port {stub.port}")


def test_a_service_that_dies_half_way_is_told():
    with SbiStub(state="dies") as stub:
        assert seen(stub)[0] == "died"


def test_a_stranger_does_not_hide_the_device_beside_it():
    with SbiStub(state="foreign") as stranger, SbiStub() as stub:
        found = sbi.read(["face"], CLOCK, [stranger.port, stub.port])

    assert found["camera"]["camera_sbi"] == SBI_STATES.index("ready")


def old_spelling(answer):
    """As the first mocks wrote it: small letters in errors, numbers for ids."""
    for entry in answer:
        entry["error"] = {name.lower(): value for name, value in entry["error"].items()}
        if "deviceSubId" in entry:
            entry["deviceSubId"] = [1, 2]
            entry["deviceId"] = 1
            entry["digitalId"] = {"type": "Face", "serialNo": 123456}
    return answer


def test_the_old_spelling_with_numbers_is_understood():
    with SbiStub(spelt=old_spelling) as stub:
        assert seen(stub)[0] == "ready"


def test_the_newer_verbs_are_tried_where_the_older_are_unknown():
    with SbiStub(verbs=("SBIDISC", "SBIDINFO"), state="busy") as stub:
        assert seen(stub)[0] == "busy"


def test_device_information_that_is_only_an_error_belongs_to_the_device_in_its_place():
    bare = [{"deviceInfo": None, "error": {"errorCode": "110", "errorInfo": "Device is not ready"}}]
    found = answers.better_told(
        answers.read_devices(json.dumps(discovery("Iris", "ready", 1)).encode()),
        answers.read_info(json.dumps(bare).encode()),
    )

    assert found == (Device("iris", "not-ready", "110 Device is not ready"),)


@pytest.mark.parametrize("body", [b"", b"null", b"{}", b"[1]", b'{"a": 1}', b"[" * 5000, b"\xff", b'"x"', b"[[]]"])
def test_what_is_no_answer_is_foreign(body):
    with pytest.raises(BadData):
        answers.read_devices(body)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30", "####", "W10", 7, None, [], "bnVsbA"])
def test_a_device_information_that_cannot_be_read_is_an_error(token):
    (device,) = answers.read_info(json.dumps([{"deviceInfo": token, "error": None}]).encode())

    assert device.state == "error"


def test_the_best_of_two_devices_of_a_kind_counts():
    ports = [Port(4501, (Device("iris", "error"),)), Port(4502, (Device("iris", "busy"),))]

    assert answers.standing("iris", ports).state == "busy"
