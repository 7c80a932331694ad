"""One office and its central at the two ends of a bad link: real processes, TCP, TLS and DNS. Needs root."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from agent import requests
from agent.actions.tickets import TicketRequest, take_ticket
from agent.clock import SystemClock
from agent.office import load_office
from agent.sending import unheld
from agent.store.opening import open_store
from tests.builders import drawn
from tests.certificates import Authority
from tests.e2e.site import REPO, VILLAGE, attempt, rekam
from tests.patience import PATIENCE, wait_until

HERE, THERE = "10.211.0.1", "10.211.0.2"
NAME = "rekam.test"
PORT = 8090


def sh(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Far:
    """An office in one namespace, central in another, and a relay between them."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.folder, self.seed = folder, seed
        self.a, self.b = f"rk{os.getpid()}a", f"rk{os.getpid()}b"
        self.processes: dict[str, subprocess.Popen] = {}
        self.office, self.central = folder / "office", folder / "central"
        self.config, self.central_config = self.office / "kiosk.toml", self.central / "central.toml"

    def make(self, settings: str = "") -> None:
        """Namespaces, relay, certificates, central, an invited office."""
        self.make_line()
        self.make_front()
        self.make_offices(settings)

    def make_line(self) -> None:
        """Namespaces, and the relay between them."""
        for namespace in (self.a, self.b):
            sh("ip", "netns", "add", namespace)
        self.start(
            "relay", [sys.executable, str(REPO / "tests/e2e/bad_link.py"), self.a, self.b, str(self.seed)], talk=True
        )
        assert self.processes["relay"].stdout.readline() == b"ready\n"
        for namespace, own, others in ((self.a, [HERE], THERE), (self.b, [THERE, "10.211.0.3"], HERE)):
            sh("ip", "-n", namespace, "link", "set", "wan0", "mtu", "1400", "up")
            sh("ip", "-n", namespace, "link", "set", "lo", "up")
            for address in own:
                sh("ip", "-n", namespace, "address", "add", address, "peer", others, "dev", "wan0")
            sh("ip", "-n", namespace, "route", "replace", "default", "dev", "wan0")
        names = Path("/etc/netns") / self.a
        names.mkdir(parents=True)
        (names / "resolv.conf").write_text(f"nameserver {THERE}\noptions timeout:2 attempts:2\n")

    def make_front(self) -> None:
        known, foreign = Authority(self.folder), Authority(self.folder, "Foreign authority")
        for authority, name in ((known, "known"), (foreign, "foreign")):
            authority.server(NAME)
            made = max(self.folder.glob("server-*.pem"), key=lambda file: file.stat().st_mtime_ns)
            made.rename(self.folder / f"{name}.pem")
        self.ca_file = known.file
        self.mode("pass")
        self.dns("right")
        self.start("front", [*self.inside(self.b), str(REPO / "tests/e2e/link_front.py"), str(self.folder), str(PORT)])

    def make_offices(self, settings: str) -> None:
        rekam("central", "init", str(self.central))
        text = self.central_config.read_text()
        kept = [row for row in text.splitlines() if not row.startswith(("[server]", "listen", "public_url"))]
        server = ["[server]", f'listen = "127.0.0.1:{PORT}"', f'public_url = "https://{NAME}"']
        self.central_config.write_text("\n".join([*server, *kept]) + "\n")
        invitation = self.folder / "invitation.json"
        invitation.write_text(rekam("central", "invite", "--office", "64.02.05", "--config", str(self.central_config)))
        rekam("init", str(self.office), "--office", "64.02.05", "--invitation", str(invitation))
        network = f'[network]\nca_file = "{self.ca_file}"\n'
        self.config.write_text(f"{self.config.read_text()}\n{network}\n{settings}\n")
        self.start("central", self.command(self.b, "central", "serve", "--config", str(self.central_config)))

    def start(self, name: str, words: list[str], *, talk: bool = False, env: dict[str, str] | None = None) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            pipe = subprocess.PIPE if talk else None
            self.processes[name] = subprocess.Popen(
                words, cwd=REPO, stdin=pipe or subprocess.DEVNULL, stdout=pipe or log, stderr=log,
                env={**os.environ, **(env or {})},
            )  # fmt: skip

    def inside(self, namespace: str) -> list[str]:
        return ["ip", "netns", "exec", namespace, sys.executable]

    def command(self, namespace: str, *words: str) -> list[str]:
        return [*self.inside(namespace), "-m", "agent.cli", *words]

    def start_agent(self, env: dict[str, str] | None = None) -> None:
        self.start("agent", self.command(self.a, "agent", "--config", str(self.config)), env=env)

    def stop(self, name: str) -> None:
        process = self.processes.pop(name, None)
        if process is not None:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=PATIENCE)

    def pair(self) -> None:
        wait_until(lambda: self.status()["pairing"]["state"] == "pending", "the agent asks to be paired")
        code = self.status()["pairing"]["code"]
        wait_until(lambda: attempt("central", "approve", code, "--config", str(self.central_config)), "approved")
        wait_until(lambda: self.status()["pairing"]["state"] == "paired", "the agent is paired")
        assert self.send()

    def link(self, **settings: float) -> None:
        """Change the link from now on; `tests/e2e/bad_link.py` has the words."""
        relay = self.processes["relay"]
        relay.stdin.write(json.dumps(settings).encode() + b"\n")
        relay.stdin.flush()

    def passed(self) -> dict:
        """What went over the link since the last time: [up, down]."""
        self.link(ask=True)
        return json.loads(self.processes["relay"].stdout.readline())

    def mode(self, word: str) -> None:
        (self.folder / "mode").write_text(word)

    def dns(self, word: str) -> None:
        (self.folder / "dns").write_text(word)

    def visits(self, count: int, *, nik: bool = False, start: int = 0) -> None:
        """So many people take a number, written by this process as the kiosk would."""
        office, store = load_office(self.config), open_store(self.office, SystemClock())
        for number in range(start, start + count):
            own = f"640205{1 + number % 28:02d}{1 + number % 12:02d}{70 + number % 30:02d}{1 + number % 9000:04d}"
            wish = TicketRequest(
                request_id=f"visit {number}", service="ktp_first", village=VILLAGE, nik=own if nik else None
            )
            take_ticket(store, office, wish, drawn(f"{number}"))
        store.close()

    def status(self) -> dict:
        return json.loads(rekam("status", "--json", "--config", str(self.config)))

    def unsent(self) -> int:
        return sum(stream["last"] - stream["held"] for stream in self.status()["streams"].values())

    def ask_to_send(self) -> None:
        """Asks, and does not wait for the end."""
        attempt("send", "--timeout", "0.3", "--config", str(self.config))

    def send(self, seconds: float = PATIENCE) -> bool:
        return attempt("send", "--timeout", str(seconds), "--config", str(self.config))

    def drain_s(self, seconds: float) -> float:
        """Ask for a sending; seconds until central holds everything, no start of a command counted in."""
        store = open_store(self.office, SystemClock())
        try:
            begun = time.monotonic()
            requests.ask(store, "send")
            wait_until(lambda: unheld(store) == 0, "everything is held", seconds)
            return time.monotonic() - begun
        finally:
            store.close()

    def ip(self, *words: str) -> None:
        sh("ip", "-n", self.a, *words)

    def connecting_s(self) -> float:
        """How long a TCP connection over the link takes to come about."""
        code = (
            f"import socket,time;t=time.monotonic();socket.create_connection(('{THERE}',80));print(time.monotonic()-t)"
        )
        done = subprocess.run([*self.inside(self.a), "-c", code], capture_output=True, text=True, check=True)
        return float(done.stdout)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def close(self) -> None:
        for name in ("agent", "front", "central", "relay"):
            self.stop(name)
        for namespace in (self.a, self.b):
            subprocess.run(["ip", "netns", "delete", namespace], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(Path("/etc/netns") / self.a, ignore_errors=True)
