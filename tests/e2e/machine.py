"""A Debian that systemd really boots, in a container, with Rekam in it as docs/deployment.md says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
SHIPPED = ("agent", "kiosk_ui", "central", "config", "docs", "systemd", "pyproject.toml", "requirements.lock")
SHIPPED_TEXTS = ("README.md", "LICENSE", "NOTICE")
HOME = "/var/lib/rekam"
CONFIG = f"{HOME}/kiosk.toml"
PATH = "/opt/rekam/.venv/bin:/usr/sbin:/usr/bin:/sbin:/bin"
INSTALLS = re.compile(r"^apt install (?:--no-install-recommends )?(.*)\n", re.MULTILINE)


def handbook(heading, blocks=9):
    """What docs/deployment.md has a technician type under a heading, as one script; its packages are there already."""
    section = (ROOT / "docs/deployment.md").read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    typed = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)[:blocks]
    return INSTALLS.sub("", "\n".join(["set -eu", *typed]))


def handbook_packages():
    """Every package that docs/deployment.md has a technician install on a line of its own."""
    return [name for line in INSTALLS.findall((ROOT / "docs/deployment.md").read_text()) for name in line.split()]


def until(is_so):
    """Whether it became so."""
    rest, end = threading.Event(), time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > end:
            return False
        rest.wait(0.2)
    return True


def chroot(root, *command):
    """Run a command in a root that is not booted, with this machine's network."""
    environ = {k: v for k, v in os.environ.items() if k != "PIP_FIND_LINKS"}
    environ |= {"PATH": PATH, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["chroot", str(root), *command], check=True, env=environ)


def put_tree(root):
    """The tree as it stands, where the units look for it."""
    for name in (*SHIPPED, *SHIPPED_TEXTS):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, root / "opt/rekam" / name)


@contextmanager
def layer(lower, base) -> Iterator[Path]:
    """A throwaway copy of a root; what is written to it lies in `base`."""
    upper, work, merged = (base / name for name in ("upper", "work", "merged"))
    for folder in (upper, work, merged):
        folder.mkdir()
    options = f"lowerdir={lower},upperdir={upper},workdir={work}"
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, str(merged)], check=True)
    try:
        yield merged
    finally:
        subprocess.run(["umount", "-l", str(merged)], check=True)


class Machine:
    """A booted container; commands run inside it as root."""

    def __init__(self, root, name):
        self.root = root
        self.name = name
        self.leader = 0

    def boot(self):
        command = [
            "systemd-nspawn", "-q", "-D", str(self.root), "--register=no", "--keep-unit", "-M", self.name,
            "--console=pipe", "--private-network", "--capability=CAP_BPF,CAP_NET_ADMIN",
            "--system-call-filter=bpf @keyring", "-b",
        ]  # fmt: skip
        environ = os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"}
        with (self.root.parent / "console").open("ab") as console:
            self.nspawn = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=console, stderr=console, env=environ, start_new_session=True
            )
        assert until(self.is_up), (self.root.parent / "console").read_text(errors="replace")[-4000:]

    def is_up(self):
        """Whether it has booted; its first process is looked up each time, as nspawn has another child before it."""
        found = subprocess.run(["pgrep", "-P", str(self.nspawn.pid)], capture_output=True, text=True, check=False)
        self.leader = int((found.stdout.split() or ["0"])[-1])
        return self.leader and self.says("systemctl", "is-system-running") in ("running", "degraded")

    def power_off(self):
        self.says("systemctl", "poweroff")
        try:
            self.nspawn.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.nspawn.kill()
            self.nspawn.wait()

    def run(self, *command, timeout=PATIENCE):
        inside = ["nsenter", "-t", str(self.leader), "-a", "-r", "-w", "--", "env", "-i", f"PATH={PATH}", *command]
        return subprocess.run(inside, capture_output=True, text=True, timeout=timeout, check=False)

    def says(self, *command):
        return self.run(*command).stdout.strip()

    def shell(self, script):
        """The output of a script; its own failure is the test's."""
        done = self.run("sh", "-c", script, timeout=PATIENCE * 3)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def unit(self, unit, field):
        return self.says("systemctl", "show", "-P", field, unit)

    def is_active(self, *units):
        return all(self.unit(unit, "ActiveState") == "active" for unit in units)

    def journal(self, unit):
        return self.says("journalctl", "--no-pager", "-o", "cat", "-n", "40", "-u", unit)

    def as_service(self, unit, script):
        """Run a script as that service's user, in its view of files and network; its exit status."""
        pid = self.unit(unit, "MainPID")
        user, group = self.says("id", "-u", unit), self.says("sh", "-c", f"stat -c %g /proc/{pid}/comm")
        drop = ["setpriv", "--reuid", user, "--regid", group, "--clear-groups"]
        return self.run("nsenter", "-t", pid, "-m", "-n", "--", *drop, "sh", "-c", script).returncode

    def kill(self, unit, signal="KILL"):
        """Send a signal to a service's own process: the last thing it hears."""
        self.shell(f"systemctl kill -s {signal} --kill-whom=main {unit}")

    def sends(self):
        """Whether the agent, asked to send now, has everything held by central soon."""
        return self.run("rekam", "send", "--timeout", "60", "--config", CONFIG).returncode == 0

    def get(self, port, path):
        token = (self.root / "var/lib/rekam/api.token").read_text().strip()
        address = f"http://127.0.0.1:{port}{path}"
        return self.run("curl", "-sf", "-m", str(PATIENCE), "-H", f"Authorization: Bearer {token}", address)

    def take_ticket(self, name):
        body = json.dumps({"service": "ktp_first", "village": "unknown", "request_id": name})
        answer = self.says(
            "curl", "-sf", "-m", str(PATIENCE), "--json", body, "http://127.0.0.1:8080/api/v1/tickets"
        )  # fmt: skip
        return json.loads(answer)["ticket"]


class OfficeNetwork:
    """A cable from a machine to another computer of the office, which is a network namespace of this one."""

    def __init__(self, machine):
        self.machine = machine
        self.name = f"rekam-pc-{os.getpid()}"

    def __enter__(self):
        ends = ["host0", "type", "veth", "peer", "name", "pc0", "netns", self.name]
        with ExitStack() as undo:
            self.ip("netns", "add", self.name)
            undo.callback(self.ip, "netns", "delete", self.name)
            self.inside("ip", "link", "add", *ends)
            self.of_pc("ip", "link", "set", "pc0", "up")
            self.inside("ip", "link", "set", "host0", "up")
            self.undo = undo.pop_all()
        return self

    def __exit__(self, *_about):
        self.undo.close()

    def ip(self, *words):
        subprocess.run(["ip", *words], check=True)

    def inside(self, *words):
        """Run a command of this machine in the container's network."""
        subprocess.run(["nsenter", "-t", str(self.machine.leader), "-n", "--", *words], check=True)

    def of_pc(self, *words):
        """Run a command on the other computer."""
        return subprocess.run(["ip", "netns", "exec", self.name, *words], capture_output=True, text=True, check=False)

    def number(self, machine, other):
        """Give the machine and the other computer an address each."""
        self.inside("ip", "address", "add", f"{machine}/24", "dev", "host0")
        self.of_pc("ip", "address", "add", f"{other}/24", "dev", "pc0")
