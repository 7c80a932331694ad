"""The receiver as a process: it says when it is ready, that it lives, and stops when it is asked to."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading

import pytest

from agent.errors import RekamError
from agent.settings_values import Address
from central.serve import Pulse, ask, listening
from tests.integration.central_desk import Kiosk
from tests.patience import PATIENCE
from tests.ports import free_port


class Systemd:
    """The other end of NOTIFY_SOCKET."""

    def __init__(self, path):
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.socket.settimeout(PATIENCE)

    def hears(self, word):
        """Wait for a message; the ones before it are read away."""
        while (told := self.socket.recv(100).decode()) != word:
            assert told in ("READY=1", "WATCHDOG=1", "STOPPING=1")
        return True


@pytest.fixture
def systemd(tmp_path):
    watcher = Systemd(tmp_path / "notify")
    yield watcher
    watcher.socket.close()


@pytest.fixture
def served(central_home, systemd):
    """A running receiver, and its address."""
    listen = Address("127.0.0.1", free_port())
    text = (central_home / "central.toml").read_text()
    (central_home / "central.toml").write_text(re.sub(r'listen = "[^"]*"', f'listen = "{listen}"', text))
    environ = os.environ | {"NOTIFY_SOCKET": str(systemd.path), "WATCHDOG_USEC": "300000"}
    command = [sys.executable, "-m", "agent.cli", "central", "serve", "--config", str(central_home / "central.toml")]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    systemd.hears("READY=1")
    yield process, listen
    process.kill()
    process.wait()


def post(listen, file):
    connection = http.client.HTTPConnection(listen.host, listen.port, timeout=PATIENCE)
    connection.request("POST", "/v1/batches", body=file)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


def test_an_idle_receiver_feeds_the_watchdog_by_asking_itself(served, systemd):
    assert systemd.hears("WATCHDOG=1")


def test_sigterm_ends_it_with_0(served, systemd):
    process, _ = served
    process.send_signal(signal.SIGTERM)

    assert systemd.hears("STOPPING=1")
    assert process.wait(PATIENCE) == 0


def test_a_client_that_says_nothing_holds_nobody_up(served):
    _, listen = served
    silent = [socket.create_connection((listen.host, listen.port)) for _ in range(20)]

    status, _ = post(listen, Kiosk().visits(1).batch())

    for each in silent:
        each.close()
    assert status == 401


def test_a_body_above_the_limit_is_told_the_limit(served):
    _, listen = served

    status, body = post(listen, b"x" * 1_100_000)

    assert (status, b'"limit":1048576' in body) == (413, True)


def test_a_port_in_use_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(RekamError, match="cannot listen on"):
            listening(Address(*taken.getsockname()))


def test_a_receiver_that_does_not_answer_itself_is_not_alive():
    pulse = Pulse()
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        ask(deaf.getsockname())

    assert pulse.finished == 0


def test_ipv6_is_listened_on_too():
    opened = listening(Address("::1", free_port()))
    threading.Thread(target=lambda: socket.create_connection(opened.getsockname()[:2]).close()).start()
    accepted, _ = opened.accept()
    accepted.close()
    opened.close()
