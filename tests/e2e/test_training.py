"""`rekam training` as a process: people practise in it, and the real office is byte for byte as before."""

from __future__ import annotations

import json
import urllib.request

from agent.training import FOLDER
from tests.builders import make_home
from tests.e2e.site import Program
from tests.integration.test_training import fingerprint
from tests.patience import PATIENCE, wait_until
from tests.ports import free_port


def take(port: int) -> dict:
    body = {"service": "ktp_first", "village": "unknown", "request_id": "practice", "nik": "9901015911090001"}
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/tickets", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


def test_a_number_in_a_training_touches_nothing_of_the_real_office(tmp_path):
    home = make_home(tmp_path / "office").home
    before, ports = fingerprint(home), (free_port(), free_port())
    words = ["training", "--config", str(home / "kiosk.toml"), "--citizen-port", str(ports[0]), "--staff-port"]
    program = Program("training", [*words, str(ports[1])], tmp_path)
    program.start()
    try:
        wait_until(lambda: "rekam kiosk" in program.log.read_text(), "the training listens")
        assert take(ports[0])["ticket"] == "A-001"
    finally:
        assert program.stop() == 0

    assert fingerprint(home) == before
    assert (home / FOLDER / "data/rekam.db").exists()
