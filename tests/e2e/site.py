"""One office and its central as real processes on loopback ports, for stories told end to end."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

from agent.demo import set_key
from tests.patience import PATIENCE, wait_until
from tests.ports import free_port

REPO = Path(__file__).resolve().parents[2]
VILLAGE = "64.02.05.2001"


class Program:
    """A `rekam` subcommand as a process that can be started, killed and started again."""

    def __init__(self, name: str, words: list[str], folder: Path, env: dict[str, str] | None = None) -> None:
        self.name = name
        self.words = words
        self.log = folder / f"{name}.log"
        self.env = env or {}
        self.interpreted = ["-m", "agent.cli"]
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.interpreted, *self.words], cwd=REPO, env={**os.environ, **self.env},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """As a power cut to this process alone."""
        self.end(signal.SIGKILL)

    def stop(self) -> int:
        return self.end(signal.SIGTERM)

    def end(self, number: int) -> int:
        if not self.runs:
            return 0
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


class Site:
    """Directories, ports and programs of one central and one office."""

    def __init__(self, folder: Path, office: str = "office") -> None:
        self.folder = folder
        self.central_home = folder / "central"
        self.office = folder / office
        self.port = free_port()
        self.central = Program("central", ["central", "serve", "--config", str(self.central_config)], folder)
        self.agent = Program(f"{office}-agent", ["agent", "--config", str(self.config)], folder)
        self.kiosk = Program(f"{office}-kiosk", ["kiosk", "--config", str(self.config)], folder)

    @property
    def config(self) -> Path:
        return self.office / "kiosk.toml"

    @property
    def central_config(self) -> Path:
        return self.central_home / "central.toml"

    def make(self, settings: str = "") -> None:
        """Central and an invited office; `settings` are added to kiosk.toml."""
        rekam("central", "init", str(self.central_home))
        set_key(self.central_config, "server", "listen", f"127.0.0.1:{self.port}")
        self.make_office(settings)

    def make_office(self, settings: str = "") -> None:
        """A device that central invited."""
        invitation = self.folder / "invitation.json"
        invitation.write_text(rekam("central", "invite", "--office", "64.02.05", "--config", str(self.central_config)))
        rekam("init", str(self.office), "--office", "64.02.05", "--invitation", str(invitation))
        web = f'[web]\ncitizen = "127.0.0.1:{free_port()}"\nstaff = "127.0.0.1:{free_port()}"\n'
        self.config.write_text(f"{self.config.read_text()}\n{web}\n{settings}\n")

    def start(self) -> None:
        self.start_central()
        self.start_office()
        self.pair()

    def start_central(self) -> None:
        self.central.start()
        wait_until(lambda: self.answers(self.port, "/readyz"), "central is ready")

    def start_office(self) -> None:
        self.agent.start()
        self.kiosk.start()
        wait_until(lambda: self.answers(self.citizen_port, "/"), "the kiosk is ready")

    def stop_office(self) -> None:
        self.kiosk.stop()
        self.agent.stop()

    def clone(self, name: str) -> Site:
        """The office's disk in another machine: same files, other addresses, another machine mark."""
        twin = Site(self.folder, name)
        twin.port = self.port
        copy_aside(self.office, twin.office)
        set_key(twin.config, "web", "citizen", f"127.0.0.1:{free_port()}")
        set_key(twin.config, "web", "staff", f"127.0.0.1:{free_port()}")
        return twin

    def sibling(self, name: str) -> Site:
        """Another device of the same kecamatan, made and not started."""
        other = Site(self.folder, name)
        other.port = self.port
        other.make_office()
        return other

    def pair(self) -> None:
        """A person at central types the code."""
        wait_until(lambda: self.status()["pairing"]["state"] == "pending", "the agent asks to be paired")
        code = self.status()["pairing"]["code"]
        wait_until(lambda: attempt("central", "approve", code, "--config", str(self.central_config)), "approved")
        wait_until(lambda: self.send(1) or self.status()["pairing"]["state"] == "paired", "the agent is paired")

    def stop(self) -> None:
        for program in (self.kiosk, self.agent, self.central):
            program.stop()

    @property
    def citizen_port(self) -> int:
        return int(self.config.read_text().split('citizen = "127.0.0.1:')[1].split('"')[0])

    @property
    def staff_port(self) -> int:
        return int(self.config.read_text().split('staff = "127.0.0.1:')[1].split('"')[0])

    def answers(self, port: int, path: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as answer:
                return answer.status == 200
        except OSError:
            return False

    def post(self, path: str, body: dict) -> tuple[int, dict]:
        """A call of the local API on the staff listener; (0, {}) when nobody answers."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.staff_port}{path}",
            data=json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {(self.office / 'api.token').read_text().strip()}",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.loads(refusal.read() or b"{}")
        except OSError:
            return 0, {}

    def take(self, request_id: str, service: str = "ktp_first", after_s: float = 0.0) -> dict:
        """A ticket, asked for with the same request id until it is given; people come one after another."""
        threading.Event().wait(after_s)

        def given():
            status, ticket = self.post(
                "/api/v1/tickets", {"service": service, "village": VILLAGE, "request_id": request_id}
            )
            return ticket if status in (200, 201) else None

        return wait_until(given, f"ticket {request_id}")

    def status(self) -> dict:
        return json.loads(rekam("status", "--json", "--config", str(self.config)))

    def send(self, seconds: float = PATIENCE) -> bool:
        return attempt("send", "--timeout", str(seconds), "--config", str(self.config))

    def central_lines(self) -> list[dict]:
        """Every line that arrived, as central IT exports it."""
        return list(csv.DictReader(io.StringIO(rekam("central", "lines", "--config", str(self.central_config)))))


def rekam(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "agent.cli", *words], cwd=REPO, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"rekam {' '.join(words)}: {done.returncode}\n{done.stderr}"
    return done.stdout


def attempt(*words: str) -> bool:
    """Run a subcommand that may fail; whether it went well."""
    words = (sys.executable, "-m", "agent.cli", *words)
    return subprocess.run(words, cwd=REPO, capture_output=True, check=False).returncode == 0


def copy_aside(source: Path, target: Path) -> None:
    """A copy of a directory as it is now, replacing an older copy."""
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.sock"))
