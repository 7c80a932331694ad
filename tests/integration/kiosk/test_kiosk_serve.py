"""`rekam kiosk` as a process: sockets, signals, systemd."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.builders import make_home
from tests.patience import PATIENCE, once_within, took
from tests.ports import free_port

REPO = Path(__file__).resolve().parents[3]
# What systemd does between fork and exec: sockets from descriptor 3 on, for the process that it becomes.
AS_SYSTEMD = """
import fcntl, os, sys
given = [fcntl.fcntl(int(number), fcntl.F_DUPFD, 50) for number in os.environ["GIVEN"].split()]
for at, number in enumerate(given):
    os.dup2(number, 3 + at)
os.environ["LISTEN_PID"] = str(os.getpid())
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.fixture
def home(sealed_office, tmp_path) -> Path:
    """An office whose pages listen on free ports."""
    folder = tmp_path / "office"
    shutil.copytree(sealed_office.home, folder)
    with (folder / "kiosk.toml").open("a") as settings:
        settings.write(f'\n[web]\ncitizen = "127.0.0.1:{free_port()}"\nstaff = "127.0.0.1:{free_port()}"\n')
    return folder


@pytest.fixture
def start(home) -> Iterator[Callable[..., subprocess.Popen]]:
    """Starts the kiosk and waits for its line; ends it after the test."""
    started: list[subprocess.Popen] = []

    def begin(*before: str, **more) -> subprocess.Popen:
        command = [*before, sys.executable, "-m", "agent.cli", "kiosk", "--config", str(home / "kiosk.toml")]
        env = {**os.environ, **more.pop("env", {})}
        process = subprocess.Popen(
            command, cwd=REPO, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def ready(process: subprocess.Popen) -> dict[str, int]:
    """The ports that it says it listens on."""
    words = process.stdout.readline().split()
    assert words[:2] == ["rekam", "kiosk:"]
    return {name: int(url.rstrip("/").rpartition(":")[2]) for name, url in zip(words[2::2], words[3::2], strict=True)}


def get(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def test_it_says_where_it_listens_and_answers_there(start):
    ports = ready(start())

    assert (get(ports["citizen"], "/"), get(ports["staff"], "/masuk")) == (200, 200)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_0_within_a_second(start, number):
    def stop_s() -> float:
        process = start()
        with socket.create_connection(("127.0.0.1", ready(process)["citizen"])) as silent:
            silent.sendall(b"GET / HTTP/1.1\r\n")
            process.send_signal(number)
            return took(lambda: ended.append(process.wait(PATIENCE)))

    ended: list[int] = []

    assert once_within(1.0, stop_s)
    assert set(ended) == {0}


def test_a_silent_client_stalls_nobody(start):
    port = ready(start())["staff"]
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]

    assert get(port, "/papan") == 200

    for each in silent:
        each.close()


def test_a_number_survives_a_kill(start):
    body = json.dumps({"service": "ktp_first", "village": "unknown", "request_id": "r-1"})
    answers = []
    for _ in range(2):
        process = start()
        connection = http.client.HTTPConnection("127.0.0.1", ready(process)["citizen"], timeout=PATIENCE)
        connection.request("POST", "/api/v1/tickets", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answers.append((answer.status, json.loads(answer.read())["ticket"]))
        connection.close()
        process.kill()
        process.wait()

    assert answers == [(201, "A-001"), (200, "A-001")]


def test_an_address_in_use_is_told_with_what_to_do(start):
    ready(start())

    second = start()

    assert second.wait(PATIENCE) == 1
    assert "cannot-listen: -: web.citizen" in second.stderr.read()


def test_a_missing_token_stops_the_start(start, home):
    (home / "api.token").unlink()

    process = start()

    assert process.wait(PATIENCE) == 78
    assert "no-token" in process.stderr.read()


def listening(name: str) -> socket.socket:
    opened = socket.create_server(("127.0.0.1", 0))
    os.set_inheritable(opened.fileno(), True)
    return opened


def under_systemd(start, names: str, sockets: list[socket.socket]) -> subprocess.Popen:
    """The kiosk with sockets handed over as systemd does."""
    numbers = [each.fileno() for each in sockets]
    env = {"GIVEN": " ".join(map(str, numbers)), "LISTEN_FDS": str(len(numbers)), "LISTEN_FDNAMES": names}
    return start(sys.executable, "-c", AS_SYSTEMD, env=env, pass_fds=numbers)


def test_it_listens_on_the_sockets_that_systemd_passes(start):
    with listening("staff") as staff, listening("citizen") as citizen:
        ports = ready(under_systemd(start, "staff:citizen", [staff, citizen]))

        assert ports == {"staff": staff.getsockname()[1], "citizen": citizen.getsockname()[1]}
        assert get(ports["citizen"], "/") == 200


def test_sockets_with_other_names_stop_the_start(start):
    with listening("a") as first, listening("b") as second:
        process = under_systemd(start, "http:https", [first, second])

        assert process.wait(PATIENCE) == 78
        assert "FileDescriptorName" in process.stderr.read()


def test_systemd_hears_that_it_is_ready_alive_and_stopping(start, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.settimeout(PATIENCE)
        process = start(env={"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "300000"})

        words = [heard.recv(64), heard.recv(64), heard.recv(64)]
        process.terminate()
        while b"STOPPING=1" not in words:
            words.append(heard.recv(64))

    assert words[:3] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
    assert process.wait(PATIENCE) == 0


def test_an_office_without_a_database_is_told_what_to_do(start, home):
    shutil.rmtree(home / "data")
    (home / "data").mkdir()

    process = start()

    assert process.wait(PATIENCE) == 1
    assert "no-database" in process.stderr.read()


def test_a_new_home_is_ready_to_serve(tmp_path):
    made = make_home(tmp_path / "office", ports=(18_080, 18_081))

    assert 'citizen = "127.0.0.1:18080"' in (made.home / "kiosk.toml").read_text()
