"""The lines that tell central of a probe: one for each change, and nothing personal that a device wrote."""

from __future__ import annotations

import msgspec

from agent.actions import health, judging
from agent.clock import SystemClock
from agent.domain.health import Round
from agent.probes import sbi
from agent.probes.rounds import Asked
from agent.settings_health import DeviceSettings
from agent.wire.line import read_line
from tests.fakes import MINUTE
from tests.sbi_stub import SbiStub
from tests.small_office import small_office

OFFLINE = {"printer_online": 0.0}
PAPER_OUT = {"printer_online": 1.0, "printer_paper_out": 1.0}
WELL = {"printer_online": 1.0, "printer_paper_out": 0.0}


def see(store, office, found: Round, minutes: int = 10) -> None:
    for _ in range(minutes):
        with store.write():
            judging.take_in(store, office, found)
        store.clock.forward(MINUTE)


def bodies(store) -> list[bytes]:
    return [body for (body,) in store.rows("SELECT body FROM line WHERE stream = 2 ORDER BY n")]


def told(store, what: str) -> list[tuple[str, str, str | None]]:
    """Was, is and code of each line of that probe."""
    found = [msgspec.json.decode(read_line(body).d) for body in bodies(store)]
    return [(each["was"], each["state"], each.get("code")) for each in found if each.get("what") == what]


def test_another_symptom_of_a_printer_that_is_down_has_a_line_of_its_own(store, tmp_path):
    office = small_office(tmp_path)
    for readings in (WELL, OFFLINE, PAPER_OUT, WELL):
        see(store, office, Round(readings))

    assert told(store, "ticket-printer") == [
        ("unknown", "ok", None), ("ok", "down", "printer-offline"), ("down", "down", "printer-paper-out"),
        ("down", "ok", None),
    ]  # fmt: skip
    assert len(health.outages(store, "ticket-printer")) == 1


def test_a_name_and_a_nik_in_an_answer_of_a_device_are_in_no_line(store, tmp_path):
    def named(answer):
        for entry in answer:
            entry["error"] = {"errorCode": "103", "errorInfo": "Siti Aminah NIK 6402014501900001"}
        return answer

    asked = Asked()
    with SbiStub(spelt=named) as stub:
        for device, found in sbi.Services(["face"], SystemClock(), [stub.port], 2.0).read().items():
            asked.take(device, found)
    see(store, small_office(tmp_path, devices=DeviceSettings(sbi=("face",))), asked.round())

    assert told(store, "camera") == [("unknown", "down", "sbi-error")]
    assert f"port {stub.port}, code 103".encode() in b"".join(bodies(store))
    assert not [word for word in (b"Siti", b"Aminah", b"6402014501900001") if word in b"".join(bodies(store))]
