"""`rekam demo` as somebody who tries Rekam for the first time would run it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from tests.e2e.site import REPO, rekam
from tests.patience import PATIENCE, wait_until
from tests.ports import free_port


class Demo:
    """The demo with ports of its own; what it says is in a file."""

    def __init__(self, folder) -> None:
        self.home = folder / "demo"
        self.out = folder / "out.txt"
        self.ports = [str(free_port()) for _ in range(3)]
        self.process = None

    def start(self, *words: str) -> None:
        kiosk, staff, central = self.ports
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "agent.cli", "demo", "--dir", str(self.home), "--kiosk-port", kiosk,
                 "--staff-port", staff, "--central-port", central, *words],
                cwd=REPO, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            )  # fmt: skip

    def wait_ready(self) -> dict:
        wait_until(lambda: "\nready\n" in self.out.read_text(), "the demo is ready")
        return json.loads((self.home / "demo.json").read_text())

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.fixture
def demo(tmp_path):
    demo = Demo(tmp_path)
    yield demo
    if demo.process.poll() is None:
        demo.end(signal.SIGKILL)


def status_of_page(url: str) -> int:
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        return answer.status


def test_the_demo_starts_plays_a_day_stops_and_goes_on_where_it_was(demo):
    demo.start("--busy", "12", "--speed", "100000")
    facts = demo.wait_ready()
    assert [status_of_page(facts[page]) for page in ("citizen", "board", "central")] == [200, 200, 200]
    wait_until(lambda: "the day has been played" in demo.out.read_text(), "the day is played")
    config = facts["kiosk_config"]
    rekam("send", "--timeout", str(PATIENCE), "--config", config)
    played = json.loads(rekam("status", "--json", "--config", config))
    assert demo.end(signal.SIGTERM) == 0

    demo.start()
    assert demo.wait_ready()["officers"] == facts["officers"]
    again = json.loads(rekam("status", "--json", "--config", config))
    assert demo.end(signal.SIGINT) == 0

    assert played["streams"]["enrollments"]["held"] >= 12
    assert again["ledger"] == played["ledger"]
    assert again["streams"]["enrollments"]["last"] >= played["streams"]["enrollments"]["last"]


def test_a_closed_terminal_stops_it_in_the_middle_of_its_set_up_and_the_next_start_goes_on(demo):
    demo.start()
    wait_until(lambda: "setting up central" in demo.out.read_text(), "the set-up begins", 60)
    status = demo.end(signal.SIGHUP)
    said = demo.out.read_text()

    demo.start()
    demo.wait_ready()
    assert (status, said.splitlines()[-1]) == (0, "stopped; the same command starts it again where it was")
    assert demo.end(signal.SIGTERM) == 0


def test_a_taken_port_is_named_by_its_option_before_anything_is_set_up(demo):
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(demo.ports[2])))
        other.listen()
        demo.start()
        status = demo.process.wait(PATIENCE)

    assert status == 64
    assert demo.out.read_text().startswith("rekam: port-taken: -: --central-port: ")
    assert not (demo.home / "central").exists()
