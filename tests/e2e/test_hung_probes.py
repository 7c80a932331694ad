"""An agent all of whose probes hang: it looks on, sends, prints, feeds the watchdog, and ends when it is told to."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.job_log import job_states
from agent.store.opening import open_store
from tests.builders import make_home
from tests.e2e.site import REPO
from tests.patience import PATIENCE, wait_until

PROGRAM = """
import sys, threading
from pathlib import Path
from msgspec.structs import replace
from agent import daemon
real = daemon.probes
daemon.probes = lambda *office: [replace(each, read=threading.Event().wait, quick=True) for each in real(*office)]
sys.exit(daemon.run(Path(sys.argv[1])))
"""
SETTINGS = '\n[health]\nevery = "1s"\nsummary = "5s"\n[upload]\nevery = "1s"\nheartbeat = "1s"\n'
JOBS = {"sample_health", "upload", "heartbeat", "close_day"}


@pytest.fixture
def home(tmp_path):
    home = make_home(tmp_path / "office").home
    with (home / "kiosk.toml").open("a") as settings:
        settings.write(SETTINGS)
    return home


@pytest.fixture
def systemd(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.settimeout(PATIENCE)
        yield heard


@pytest.fixture
def agent(home, systemd):
    environ = os.environ | {"NOTIFY_SOCKET": systemd.getsockname()}
    words = [sys.executable, "-c", PROGRAM, str(home / "kiosk.toml")]
    process = subprocess.Popen(words, cwd=REPO, env=environ, stderr=subprocess.DEVNULL)
    assert systemd.recv(64) == b"READY=1"
    yield process
    process.kill()
    process.wait()


def rounds(home) -> list[dict]:
    with closing(open_store(home, SystemClock())) as store:
        return [json.loads(text) for (text,) in store.rows("SELECT round FROM reading ORDER BY number")]


def threads(process) -> int:
    return len(list(Path(f"/proc/{process.pid}/task").iterdir()))


def test_everything_else_goes_on_and_it_ends_when_told(home, systemd, agent):
    wait_until(lambda: rounds(home), "a round")
    before = threads(agent)
    wait_until(lambda: len(rounds(home)) >= 4, "four rounds")
    heard = [systemd.recv(64) for _ in range(5)]

    assert rounds(home) == [{}] * len(rounds(home))
    assert {each.name for each in job_states(home)} >= JOBS
    assert heard == [b"WATCHDOG=1"] * 5
    assert wait_until(lambda: threads(agent) <= before, "no thread is added by a round")
    agent.terminate()
    assert agent.wait(PATIENCE) == 0
