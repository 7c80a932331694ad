"""Try each device out: a test ticket, the voice, the link, and what an officer found of the recording set."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from flask import Blueprint, g, redirect, request
from werkzeug.wrappers import Response

from agent import requests, warning_words
from agent.actions import health, link, self_test
from agent.domain.health_rules import DEVICES, PRINTER
from agent.errors import BadData, NotFound
from agent.requests import Progress
from agent.status import status
from kiosk_ui import speech
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import page, reader, short_moment
from kiosk_ui.sessions import only_for

technician_tests = Blueprint("technician_tests", __name__, url_prefix="/teknisi/uji")
technician_tests.before_request(only_for("officer", "supervisor", "technician"))
SPOKEN: Final = "Uji suara. Nomor A nol nol satu, loket satu."


class Asked(msgspec.Struct, frozen=True):
    """The newest wish of a kind: when, and how it ended; `state` is empty before the agent took it up."""

    at: str
    state: str
    reason: str


class Device(msgspec.Struct, frozen=True):
    """A device of the recording set: its name, its state, the newest trial in words, the agent's newest look at it."""

    probe: str
    name: str
    state: str
    tried: str
    looked: Asked | None


@technician_tests.get("")
def show() -> Response:
    """What can be tried, and what came of the newest trial of each."""
    store = kiosk().store
    now = status(store, kiosk().office)
    newest_link = link.now(store)
    return page(
        "technician_tests.html",
        printed=asked(requests.TRY_PRINTER),
        sent=asked(requests.SEND),
        link_state=newest_link.state if newest_link else "unknown",
        link_since=short_moment(newest_link.t) if newest_link else "",
        receipt=now["receipt"],
        unsent=sum(stream["last"] - stream["held"] for stream in now["streams"].values()),
        devices=devices(),
        printer_tried=tried(PRINTER, self_test.newest(store)),
    )


def asked(verb: str) -> Asked | None:
    """The newest wish of a kind, in words."""
    found = requests.newest(kiosk().store, verb)
    if found is None:
        return None
    at, result = found
    if not result or not result.startswith("{"):
        return Asked(short_moment(at), "asked" if result else "", "")
    progress = msgspec.json.decode(result, type=Progress)
    return Asked(short_moment(at), progress.state, progress.sentence)


def devices() -> list[Device]:
    """The devices of this office's recording set."""
    trials = self_test.newest(kiosk().store)
    states = {each.probe: each.state for each in health.probe_states(kiosk().store)}
    return [
        Device(
            probe,
            warning_words.probe_name(probe, reader().code),
            states[probe],
            tried(probe, trials),
            asked(looking(probe)),
        )
        for probe in DEVICES
        if probe in states
    ]


def looking(device: str) -> str:
    """The wish that the agent looks at a device."""
    return f"{requests.TRY_DEVICE} {device}"


def tried(device: str, trials: dict[str, Any]) -> str:
    """The newest trial of a device in words; empty where there was none."""
    found = trials.get(device)
    return reader().say("test.worked" if found.ok else "test.failed", waktu=short_moment(found.t)) if found else ""


@technician_tests.post("/karcis")
def ticket() -> Response:
    """Have a test ticket printed."""
    requests.ask(kiosk().store, f"{requests.TRY_PRINTER} {g.officer.number}")
    return redirect("/teknisi/uji", 303)


@technician_tests.post("/kirim")
def send() -> Response:
    """Have central called now and everything sent."""
    requests.ask(kiosk().store, requests.SEND)
    return redirect("/teknisi/uji", 303)


@technician_tests.post("/alat/<device>")
def note(device: str) -> Response:
    """Keep what somebody found when they tried a device; raises NotFound `unknown-device`."""
    try:
        self_test.note(kiosk().store, device, ok=request.form.get("hasil") == "baik", by=g.officer.number)
        if device in DEVICES:
            requests.ask(kiosk().store, looking(device))  # what the machine sees stands beside what somebody says
    except BadData as fault:
        raise NotFound(fault.code, fault.sentence, field=fault.field) from fault
    return redirect("/teknisi/uji", 303)


@technician_tests.post("/alat/<device>/periksa")
def look(device: str) -> Response:
    """Have the agent look at a device; raises NotFound `unknown-device`."""
    if device not in DEVICES:
        raise NotFound("unknown-device", f"a device is one of {', '.join(DEVICES)}", field="device")
    requests.ask(kiosk().store, looking(device))
    return redirect("/teknisi/uji", 303)


@technician_tests.get("/suara.wav")
def sound() -> Response:
    """A sentence as WAV by the board's own voice; nothing where there is none."""
    said = speech.spoken(kiosk().store.home, SPOKEN)
    return Response(said, mimetype="audio/wav") if said else Response(status=204)
