"""SBI services asked over loopback: four states, errors, delay, strangers on the port, death half-way."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from contextlib import ExitStack, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.clock import SystemClock
from agent.domain import sbi as answers
from agent.domain.health_rules import SBI_STATES
from agent.domain.sbi import Device, Port
from agent.errors import BadData
from agent.probes import sbi
from tests.patience import PATIENCE, once_within, took, widened
from tests.sbi_stub import (
    STATUS,
    SbiStub,
    discovery,
    faults_of_discovery,
    faults_of_information,
    http,
    information,
)

CLOCK = SystemClock()
DEVICES = {"Face": "camera", "Finger": "fingerprint", "Iris": "iris"}
MODALITY = {"Face": "face", "Finger": "finger", "Iris": "iris"}


@pytest.fixture(autouse=True)
def a_patient_round(monkeypatch):
    """What is not about the bounds of a connection and of a round does not meet them."""
    monkeypatch.setattr(sbi, "KNOCK_S", PATIENCE)
    monkeypatch.setattr(sbi, "ROUND_S", PATIENCE)


def seen(stub: SbiStub, limit_s: float = PATIENCE) -> tuple[str, str]:
    """State and evidence of the stub's device."""
    found = sbi.Services([MODALITY[stub.kind]], CLOCK, [stub.port], limit_s).read()[DEVICES[stub.kind]]
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
        assert seen(stub) == ("error", f"port {stub.port}, code 103")


@pytest.mark.parametrize("code", ["106", "202"])
def test_the_published_codes_of_a_device_that_is_not_connected_are_told_as_that(code):
    entry = {"deviceStatus": "Not Ready", "error": {"errorCode": code, "errorInfo": "Device not found"}}

    assert answers.device(entry).state == "unplugged"


def test_a_service_that_lists_no_device_runs_without_one():
    def nothing(_answer):
        return []

    with SbiStub(spelt=nothing) as stub:
        assert seen(stub) == ("unplugged", f"port {stub.port}")


def test_nobody_on_the_port_is_absent():
    with SbiStub() as stub:
        stub.unplug()

        assert seen(stub)[0] == "absent"


@pytest.mark.parametrize("state", ["silent", "dribbles"])
def test_an_answer_beyond_the_limit_is_slow_and_costs_no_more(state):
    with SbiStub(state=state) as stub:
        assert once_within(1.5, lambda: took(lambda: seen(stub, 0.3)))
        assert seen(stub, 0.3) == ("slow", f"port {stub.port}")


def test_a_stranger_on_the_port_is_named():
    with SbiStub(state="foreign") as stub:
        assert seen(stub) == ("foreign", f"port {stub.port}")


def test_a_service_that_dies_half_way_is_told():
    with SbiStub(state="dies") as stub:
        assert seen(stub)[0] == "died"


def test_a_stranger_does_not_hide_the_device_beside_it():
    with SbiStub(state="foreign") as stranger, SbiStub() as stub:
        found = sbi.Services(["face"], CLOCK, [stranger.port, stub.port], PATIENCE).read()

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

    assert found == (Device("iris", "not-ready", "110"),)


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

    assert answers.standing("iris", ports) == ("busy", "port 4502")


DEEP = "[" * 900 + "]" * 900
DEEPER = "[" * 20_000
HEAD = b"HTTP/1.1 200 OK\r\n"
PAYLOADS = {
    "a length of 5,000 digits": HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n[]",
    "a length of 20 digits": HEAD + b"Content-Length: " + b"9" * 20 + b"\r\n\r\n[]",
    "two lengths": HEAD + b"Content-Length: 2\r\nContent-Length: " + b"9" * 20 + b"\r\n\r\n[]",
    "a chunk of 30 digits": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 30 + b"\r\n[]",
    "a chunk of 5,000 digits": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 5000 + b"\r\n[]",
    "a chunk of less than nothing": HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n[]",
    "a number of 5,000 digits": http(200, b'[{"error": {"errorCode": ' + b"9" * 5000 + b"}}]"),
    "a status of 900 lists": http(200, b'[{"deviceStatus": ' + DEEP.encode() + b"}]"),
    "a code of 900 lists": http(200, b'[{"error": {"errorCode": ' + DEEP.encode() + b"}}]"),
    "a deep digital id": http(
        200, b'[{"deviceStatus": "Ready", "digitalId": "' + urlsafe_b64encode(DEEPER.encode()) + b'"}]'
    ),
    "a digital id that is no base64": http(200, b'[{"deviceStatus": "Ready", "digitalId": "{[\\ud800"}]'),
    "no text": bytes(range(256)) * 8,
}


@pytest.mark.parametrize("raw", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_what_one_port_sends_costs_only_that_port(raw, caplog):
    with SbiStub(raw=raw) as stranger, SbiStub("Iris") as stub:
        found = sbi.Services(["iris"], CLOCK, [stranger.port, stub.port], PATIENCE).read()

    assert found["iris"] == {"iris_sbi": SBI_STATES.index("ready"), "said": f"port {stub.port}"}
    assert caplog.text == ""


@given(st.binary(max_size=300), st.sampled_from((b"", HEAD, HEAD + b"Transfer-Encoding: chunked\r\n\r\n")))
def test_any_bytes_are_an_answer_or_one_of_the_two_named_faults(raw, head):
    with suppress(BadData, ConnectionError):
        sbi.is_whole(head + raw)
        sbi.answer(head + raw)


def test_silent_listeners_do_not_hide_a_ready_device(monkeypatch):
    def is_seen(limit_s: float) -> bool:
        monkeypatch.setattr(sbi, "ROUND_S", 3 * limit_s)  # less than they would take one after the other
        services = sbi.Services(["face"], CLOCK, [*silent, stub.port], limit_s)
        ready = services.read()["camera"]["camera_sbi"] == SBI_STATES.index("ready")
        return ready and min([*silent, stub.port], key=services.rank) == stub.port

    with ExitStack() as stack:
        silent = [stack.enter_context(SbiStub(state="silent")).port for _ in range(5)]
        stub = stack.enter_context(SbiStub())

        assert widened(is_seen)


def test_ports_that_kept_us_waiting_are_asked_after_those_never_asked():
    services = sbi.Services(["face"], CLOCK)
    services.last = {4501: Port(4501, fault="slow"), 4502: None, 4503: Port(4503, (Device("face", "busy"),))}

    assert sorted([4501, 4502, 4503, 4504], key=services.rank) == [4503, 4502, 4504, 4501]


def test_both_questions_share_one_limit():
    with SbiStub(delay_s=0.4) as stub:
        assert seen(stub, 0.6) == ("slow", f"port {stub.port}")


@pytest.mark.parametrize("informed", [("",), ("iris", "", "finger"), ("", "face")])
def test_an_error_that_names_no_device_is_held_against_each_of_its_port(informed):
    discovered = (Device("face", "ready"), Device("iris", "ready"))
    told = answers.better_told(discovered, [Device(each, "ready" if each else "error") for each in informed])

    assert {answers.standing(each, [Port(4501, told)])[0] for each in ("face", "iris")} == {"error"}


def test_nothing_personal_that_a_service_writes_is_kept():
    def named(answer):
        for entry in answer:
            entry["error"] = {"errorCode": "103", "errorInfo": "Siti Aminah NIK 6402014501900001"}
        return answer

    with SbiStub(spelt=named) as stub:
        assert seen(stub) == ("error", f"port {stub.port}, code 103")


@pytest.mark.parametrize("entry", [
    {"deviceStatus": "Siti Aminah"}, {"error": {"errorCode": "6402014501900001"}},
    {"error": {"errorCode": 640201450190}}, {"error": {"errorCode": "Siti Aminah", "errorInfo": "6402014501900001"}},
])  # fmt: skip
def test_a_person_in_the_place_of_a_status_or_a_code_is_not_kept(entry):
    assert answers.device(entry) == Device("", "error")
