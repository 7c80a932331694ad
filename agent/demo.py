"""`rekam demo`: central, agent and kiosk of one office on this machine, real processes, real keys."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import urllib.request
from argparse import Namespace
from collections.abc import Callable, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final

from agent.clock import Clock, SystemClock
from agent.demo_day import play_day
from agent.demo_place import Ports, alone
from agent.errors import RekamError, UsageError
from agent.systemd import stop_signal

OFFICE: Final = "64.02.05"
OFFICERS: Final = (
    {"name": "Siti", "pin": "204815", "role": "officer"},
    {"name": "Rahman", "pin": "739164", "role": "supervisor"},
    {"name": "Dewi", "pin": "518207", "role": "technician"},
)
START_S: Final = 180.0  # also on a slow machine with one core
REVIVE_S: Final = 1.0
STOP_S: Final = 5.0


def demo(arguments: Namespace) -> int:
    """Set up what is missing, start everything, print where it is, and run until Ctrl-C or SIGTERM; 0."""
    home = arguments.dir.absolute()
    ports = Ports(arguments.kiosk_port, arguments.staff_port, arguments.central_port)
    # A closed terminal is a stop too; `nohup` has said that it is none.
    closed = () if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else (signal.SIGHUP,)
    stop = stop_signal(*closed)
    programs = Programs(home, ports, SystemClock(), stop)
    with alone(home):
        ports.check_free()
        try:
            prepare(home, ports, programs.go_on)
            programs.start()
            tell(home, ports)
            if arguments.busy:
                play_day(demo_facts(home), arguments.busy, arguments.speed, programs.rest)
            while not programs.rest(STOP_S):
                pass
        except Stopped:
            pass
        finally:
            programs.stop()
    say("stopped; the same command starts it again where it was")
    return 0


class Stopped(Exception):
    """Somebody stopped the demo while it was still starting."""


def prepare(home: Path, ports: Ports, go_on: Callable[[], None]) -> None:
    """Central and office directories, made once; ports as they are asked for now. Raises what `go_on` raises."""
    central, office = home / "central", home / "office"
    if not (central / "central.toml").exists():
        say(f"setting up central in {central}")
        rekam("central", "init", str(central))
        go_on()
    set_key(central / "central.toml", "server", "listen", f"127.0.0.1:{ports.central}")
    if not (office / "kiosk.toml").exists():
        say(f"setting up the office of Muara Badak ({OFFICE}) in {office}")
        invitation = home / "invitation.json"
        invitation.write_bytes(
            rekam("central", "invite", "--office", OFFICE, "--config", str(central / "central.toml"))
        )
        rekam("init", str(office), "--office", OFFICE, "--invitation", str(invitation))
        set_key(office / "kiosk.toml", "upload", "every", "10s")  # so that central's page has life too
    set_key(office / "kiosk.toml", "central", "url", f"http://127.0.0.1:{ports.central}")
    set_key(office / "kiosk.toml", "web", "citizen", f"127.0.0.1:{ports.citizen}")
    set_key(office / "kiosk.toml", "web", "staff", f"127.0.0.1:{ports.staff}")
    add_officers(office)
    go_on()


def add_officers(office: Path) -> None:
    """The three example officers, with the PINs that are printed."""
    from agent.actions import officers
    from agent.store.opening import open_store

    store = open_store(office, SystemClock())
    known = {officer.name for officer in officers.officers(store)}
    for officer in OFFICERS:
        if officer["name"] not in known:
            officers.add_officer(store, officer["name"], officer["role"], random_bytes=os.urandom, pin=officer["pin"])
    store.close()


def set_key(file: Path, section: str, key: str, value: str) -> None:
    """Set one key of a TOML file that this program wrote, and leave the rest as it is."""
    text = file.read_text("utf-8")
    line = f'{key} = "{value}"'
    head, header, body = text.partition(f"[{section}]\n")
    if not header:
        text = f"{text.rstrip()}\n\n[{section}]\n{line}\n"
    elif re.match(rf"(?:[^\[][^\n]*\n|\n)*?{key} = ", body):
        text = head + header + re.sub(rf"(?m)^{key} = .*$", line, body, count=1)
    else:
        text = f"{head}{header}{line}\n{body}"
    file.write_text(text, "utf-8")


def rekam(*words: str) -> bytes:
    """Run a subcommand of this program; its output. Raises RekamError, after it said itself what is wrong."""
    done = run(words, stderr=None)
    if done.returncode:
        raise RekamError("demo", f"`rekam {' '.join(words[:2])}` failed; what it said stands above")
    return done.stdout


def attempt(*words: str) -> bool:
    """Run a subcommand that may fail; whether it went well."""
    return run(words, stderr=subprocess.DEVNULL).returncode == 0


def run(words: Sequence[str], *, stderr: int | None) -> subprocess.CompletedProcess[bytes]:
    """Run a subcommand to its end, deaf to Ctrl-C, which is for this program alone."""
    command = [sys.executable, "-m", "agent.cli", *words]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=stderr, check=False, start_new_session=True)


def tell(home: Path, ports: Ports) -> None:
    """demo.json, then the same for a person, then `ready` on a line of its own."""
    facts = {
        **ports.urls(),
        "api_token": (home / "office" / "api.token").read_text("ascii").strip(),
        "officers": OFFICERS,
        "kiosk_config": str(home / "office" / "kiosk.toml"),
        "central_config": str(home / "central" / "central.toml"),
    }
    (home / "demo.json").write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
    for name, url in ports.urls().items():
        say(f"{name:11} {url}")
    for officer in OFFICERS:
        say(f"{officer['role']:11} name {officer['name']}, PIN {officer['pin']}")
    say(f"{'central':11} admin token in {home / 'central' / 'admin.token'}")
    say("ready")


def demo_facts(home: Path) -> dict[str, Any]:
    """What demo.json says."""
    return dict(json.loads((home / "demo.json").read_text("utf-8")))


def say(text: str) -> None:
    """A line that is seen at once, also through a pipe."""
    print(text, flush=True)


class Programs:
    """The three processes: started in order, started again when they die, stopped together."""

    def __init__(self, home: Path, ports: Ports, clock: Clock, told_to_stop: socket.socket) -> None:
        self.home = home
        self.ports = ports
        self.clock = clock
        self.told_to_stop = told_to_stop
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """All three, paired and answering; raises UsageError when a port is taken, Stopped on a signal."""
        say("starting central, agent and kiosk")
        self._run("central")
        self._wait("central", lambda: answers(f"http://127.0.0.1:{self.ports.central}/readyz"))
        self._run("agent")
        self._run("kiosk")
        self._wait("kiosk", lambda: answers(f"http://127.0.0.1:{self.ports.citizen}/"))
        self._wait("agent", self._pair)

    def go_on(self) -> None:
        """Raises Stopped once somebody asked for it."""
        if select.select([self.told_to_stop], [], [], 0)[0]:
            raise Stopped

    def rest(self, seconds: float) -> bool:
        """Keep everything running for so long; whether somebody asked for a stop meanwhile."""
        until = self.clock.boot_ms() + seconds * 1000
        while True:
            self.revive()
            left_s = max(0.0, (until - self.clock.boot_ms()) / 1000)
            if select.select([self.told_to_stop], [], [], min(left_s, REVIVE_S))[0]:
                return True
            if left_s <= REVIVE_S:
                return False

    def revive(self) -> None:
        """Start again whatever died, as systemd would."""
        for name, process in self._running.items():
            if process.poll() is not None:
                say(f"{name} ended with {process.returncode}; starting it again")
                self._run(name)

    def stop(self) -> None:
        """SIGTERM to all, and at last SIGKILL."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _run(self, name: str) -> None:
        configs: dict[str, Sequence[str]] = {
            "central": ("central", "serve", "--config", str(self.home / "central" / "central.toml")),
            "agent": ("agent", "--config", str(self.home / "office" / "kiosk.toml")),
            "kiosk": ("kiosk", "--config", str(self.home / "office" / "kiosk.toml")),
        }
        log = (self.home / f"{name}.log").open("ab")
        with log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", "agent.cli", *configs[name]], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,  # Ctrl-C is for this program alone; it stops the others in order
            )  # fmt: skip

    def _wait(self, name: str, done: Callable[[], bool]) -> None:
        until = self.clock.boot_ms() + START_S * 1000
        while not done():
            self.go_on()
            if self._running[name].poll() is not None or self.clock.boot_ms() > until:
                raise UsageError("not-started", f"{name} did not start; its last words are in {self.home / name}.log")
            select.select([], [], [], 0.1)

    def _pair(self) -> bool:
        """Type the office's code into central, as a person there would; whether it is paired."""
        config = self.home / "office" / "kiosk.toml"
        pairing = json.loads(rekam("status", "--json", "--config", str(config)))["pairing"]
        if pairing["state"] == "pending":
            approve(self.home / "central" / "central.toml", pairing["code"])
            attempt("send", "--timeout", "1", "--config", str(config))  # else the agent asks again in half a minute
        return bool(pairing["state"] == "paired")


def approve(central: Path, code: str) -> None:
    """`rekam central approve`; a request that has not come yet is asked for again later."""
    attempt("central", "approve", code, "--config", str(central))


def answers(url: str) -> bool:
    """Whether a page of ours answers with 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 — a loopback address of our own
            return bool(answer.status == 200)
    except (OSError, HTTPException):
        return False
