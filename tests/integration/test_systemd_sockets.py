"""What is said to systemd and what it hands over, through real sockets."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from agent.errors import SettingsError
from agent.systemd import notify, passed_sockets
from tests.patience import PATIENCE
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
# Prints the names of the sockets it was handed, answers one connection on each, and says whether a child has them.
SERVICE = """
import os, subprocess, sys
from agent.systemd import passed_sockets
passed = passed_sockets(os.environ, os.getpid())
print(sorted(passed), flush=True)
for name, listening in sorted(passed.items()):
    connection, _ = listening.accept()
    connection.sendall(name.encode())
    connection.close()
subprocess.run(["sh", "-c", "readlink /proc/$$/fd/3 /proc/$$/fd/4; echo end"], close_fds=False)
"""
# The signal comes to a thread that never runs Python again, while the main one waits; as after a SIGSTOP and SIGCONT.
STOPPED = """
import select, signal, threading
from agent.systemd import stop_signal
stop = stop_signal()
deaf = threading.Thread(target=threading.Event().wait, daemon=True)
deaf.start()
threading.Timer(0.2, signal.pthread_kill, (deaf.ident, signal.SIGTERM)).start()
print(bool(select.select([stop], [], [])[0]))
"""


@pytest.fixture
def inbox():
    """A function: a datagram socket at an address, as systemd listens on one."""
    opened = []

    def listen(address):
        opened.append(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK))
        opened[-1].bind(address)
        return opened[-1]

    yield listen
    for each in opened:
        each.close()


def test_a_message_arrives_at_a_socket_with_a_path(inbox, tmp_path):
    heard = inbox(str(tmp_path / "notify"))

    assert notify("READY=1\nSTATUS=open", {"NOTIFY_SOCKET": str(tmp_path / "notify")})
    assert heard.recv(100) == b"READY=1\nSTATUS=open"


def test_a_message_arrives_at_an_abstract_socket(inbox):
    name = f"rekam-test-{os.getpid()}"
    heard = inbox(f"\0{name}")

    assert notify("WATCHDOG=1", {"NOTIFY_SOCKET": f"@{name}"})
    assert heard.recv(100) == b"WATCHDOG=1"


def test_nobody_listening_is_no_error(tmp_path):
    assert notify("READY=1", {"NOTIFY_SOCKET": str(tmp_path / "gone")}) is False


def test_a_listener_that_reads_nothing_does_not_block_the_service(inbox, tmp_path):
    inbox(str(tmp_path / "notify"))
    environ = {"NOTIFY_SOCKET": str(tmp_path / "notify")}

    assert not all(notify("WATCHDOG=1", environ) for _ in range(5_000))


def test_two_sockets_of_one_name_are_refused():
    environ = {"LISTEN_PID": "42", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "staff:staff"}

    with pytest.raises(SettingsError, match="two sockets named staff"):
        passed_sockets(environ, 42)


def test_sockets_that_were_not_passed_are_not_touched():
    assert passed_sockets({"LISTEN_PID": "42", "LISTEN_FDS": "2"}, 43) == {}


@pytest.fixture
def activated():
    """The service started by systemd's own activation tool, with its two ports."""
    ports = [free_port(), free_port()]
    listens = [word for port in ports for word in ("-l", f"127.0.0.1:{port}")]
    command = [
        "systemd-socket-activate",
        "--fdname=staff:citizen",
        *listens,
        "-EPYTHONPATH",
        sys.executable,
        "-c",
        SERVICE,
    ]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}, **pipes) as service:
        next(line for line in service.stderr if str(ports[1]) in line)  # it says when it listens
        yield service, dict(zip(("staff", "citizen"), ports, strict=True))
        service.kill()


@pytest.mark.needs("systemd-analyze")
def test_each_socket_that_systemd_passes_answers_under_its_name(activated):
    service, ports = activated
    for name in ("citizen", "staff"):
        with socket.create_connection(("127.0.0.1", ports[name]), timeout=PATIENCE) as caller:
            assert caller.recv(100).decode() == name

    assert service.stdout.readline() == "['citizen', 'staff']\n"


@pytest.mark.needs("systemd-analyze")
def test_a_child_of_the_service_does_not_hold_its_sockets(activated):
    service, ports = activated
    for name in ("citizen", "staff"):
        socket.create_connection(("127.0.0.1", ports[name]), timeout=PATIENCE).close()

    service.stdout.readline()
    assert service.stdout.readline() == "end\n"


def test_a_stop_is_heard_whichever_thread_its_signal_comes_to():
    done = subprocess.run(
        [sys.executable, "-c", STOPPED], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=True
    )

    assert done.stdout == "True\n"
