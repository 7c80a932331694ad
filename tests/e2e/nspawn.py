"""The units on a really booted Debian 12 and 13: users, sockets, modes, sandbox, restarts, watchdog.

Not part of `./run test`: it downloads two small Debians. As root, with systemd-container and mmdebstrap:

    ./run test tests/e2e/nspawn.py

A container has no DMI and here no memory limits, so the machine's mark, MemoryMax= and MemorySwapMax= are not seen.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import threading
import time
from pathlib import Path
from tempfile import mkdtemp

import pytest

ROOT = Path(__file__).parents[2]
ROOTS = Path(os.environ.get("REKAM_NSPAWN_ROOTS", "/var/cache/rekam-nspawn"))
PACKAGES = "systemd,systemd-sysv,dbus,python3,python3-venv,ca-certificates,curl,procps,util-linux"
SHIPPED = ("agent", "kiosk_ui", "central", "config", "docs", "systemd", "pyproject.toml", "requirements.lock")
SHIPPED_TEXTS = ("README.md", "LICENSE", "NOTICE")
HOME = "/var/lib/rekam"
CONFIG = f"{HOME}/kiosk.toml"
CENTRAL = "/var/lib/rekam-central"
RECEIVER_CONFIG = f"{CENTRAL}/central.toml"
PATH = "/opt/rekam/.venv/bin:/usr/sbin:/usr/bin:/sbin:/bin"
UNITS = ("rekam-agent", "rekam-kiosk", "rekam-machine", "rekam-central")
SANDBOXED = ("rekam-agent", "rekam-kiosk", "rekam-central")
SHORT_WATCHDOG_S = 25  # the agent feeds it at least every ten seconds


def missing():
    tools = [name for name in ("systemd-nspawn", "mmdebstrap", "nsenter") if shutil.which(name) is None]
    return "needs root" if os.geteuid() != 0 else f"needs {', '.join(tools)}" if tools else ""


pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "-")


def handbook(heading, blocks=9):
    """What docs/deployment.md has a technician type under a heading, as one script."""
    section = (ROOT / "docs/deployment.md").read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    typed = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)[:blocks]
    return "\n".join(["set -eu", *typed])


def until(is_so, seconds):
    """Whether it became so in time."""
    rest, end = threading.Event(), time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        rest.wait(0.2)
    return True


def debian(suite):
    """The root of a small Debian with Rekam's dependencies, made at first use."""
    root = ROOTS / suite
    if not (root / "opt/rekam/.venv/made").exists():
        shutil.rmtree(root, ignore_errors=True)
        ROOTS.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mmdebstrap", "--variant=minbase", f"--include={PACKAGES}", suite, str(root)], check=True)
        shutil.copy(
            "/etc/ssl/certs/ca-certificates.crt", root / "etc/ssl/certs/ca-certificates.crt"
        )  # a test's root only
        shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
        (root / "opt/rekam").mkdir()
        shutil.copy(ROOT / "requirements.lock", root / "opt/rekam")
        subprocess.run(["chroot", str(root), "python3", "-m", "venv", "/opt/rekam/.venv"], check=True)
        pip(root, "--only-binary", ":all:", "--require-hashes", "-r", "/opt/rekam/requirements.lock")
        (root / "opt/rekam/.venv/made").touch()
    return root


def pip(root, *arguments):
    command = ["chroot", str(root), "/opt/rekam/.venv/bin/pip", "install", "-q", *arguments]
    subprocess.run(command, check=True, env={k: v for k, v in os.environ.items() if k != "PIP_FIND_LINKS"})


def put_rekam(root):
    """The tree as it stands, installed as docs/deployment.md says."""
    for name in (*SHIPPED, *SHIPPED_TEXTS):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, root / "opt/rekam" / name)
    pip(root, "--no-deps", "--no-build-isolation", "/opt/rekam")


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
        assert until(self.is_up, 60)

    def is_up(self):
        """Whether it has booted; its first process is looked up each time, as nspawn has another child before it."""
        found = subprocess.run(["pgrep", "-P", str(self.nspawn.pid)], capture_output=True, text=True, check=False)
        self.leader = int((found.stdout.split() or ["0"])[-1])
        return self.leader and self.says("systemctl", "is-system-running") in ("running", "degraded")

    def power_off(self):
        self.says("systemctl", "poweroff")
        try:
            self.nspawn.wait(30)
        except subprocess.TimeoutExpired:
            self.nspawn.kill()
            self.nspawn.wait()

    def run(self, *command, timeout=60):
        inside = ["nsenter", "-t", str(self.leader), "-a", "-r", "-w", "--", "env", "-i", f"PATH={PATH}", *command]
        return subprocess.run(inside, capture_output=True, text=True, timeout=timeout, check=False)

    def says(self, *command, timeout=60):
        return self.run(*command, timeout=timeout).stdout.strip()

    def shell(self, script):
        """The output of a script; its own failure is the test's."""
        done = self.run("sh", "-c", script, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def unit(self, unit, field):
        return self.says("systemctl", "show", "-P", field, unit)

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
        """Whether the agent, asked to send now, has everything held by central within ten seconds."""
        return self.run("rekam", "send", "--timeout", "10", "--config", CONFIG).returncode == 0

    def get(self, port, path):
        token = (self.root / "var/lib/rekam/api.token").read_text().strip()
        address = f"http://127.0.0.1:{port}{path}"
        return self.run("curl", "-sf", "-m", "20", "-H", f"Authorization: Bearer {token}", address)

    def take_ticket(self, name):
        body = json.dumps({"service": "ktp_first", "village": "unknown", "request_id": name})
        answer = self.says(
            "curl", "-sf", "-m", "20", "--json", body, "http://127.0.0.1:8080/api/v1/tickets"
        )  # fmt: skip
        return json.loads(answer)["ticket"]


@pytest.fixture(scope="module", params=["bookworm", "trixie"])
def machine(request):
    """A throwaway copy of a Debian with Rekam set up in it, booted."""
    lower = debian(request.param)
    base = Path(mkdtemp(prefix="run-", dir=ROOTS))  # not pytest's: another run would tidy up in it
    upper, work, merged = (base / name for name in ("upper", "work", "merged"))
    for folder in (upper, work, merged):
        folder.mkdir()
    options = f"lowerdir={lower},upperdir={upper},workdir={work}"
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, str(merged)], check=True)
    put_rekam(merged)
    booted = Machine(merged, f"rekam-{request.param}")
    try:
        booted.boot()
        booted.shell(handbook("The units"))
        booted.shell(handbook("A receiver") + f"rm -r {CENTRAL}/root")
        booted.shell(handbook("An office machine", blocks=1))
        yield booted
    finally:
        booted.power_off()
        subprocess.run(["umount", "-l", str(merged)], check=True)
        shutil.rmtree(base, ignore_errors=True)


def test_everything_runs_after_the_installation_of_the_handbook(machine):
    assert [machine.unit(unit, "ActiveState") for unit in UNITS] == ["active"] * len(UNITS)


def test_a_citizen_gets_a_number_through_the_socket_that_systemd_opened(machine):
    assert machine.take_ticket("nspawn-first") == "A-001"


def test_the_officers_api_answers_with_the_token_that_systemd_passed(machine):
    assert machine.get(8081, "/api/v1/board").returncode == 0


def test_the_agent_runs_its_jobs_and_the_technician_sees_them(machine):
    def jobs():
        return json.loads(machine.says("rekam", "status", "--config", CONFIG, "--json") or "{}").get("jobs")

    assert until(jobs, 20)


def test_what_the_office_recorded_reaches_central_once_it_is_let_in(machine):
    code = machine.says("rekam", "pair", "--config", CONFIG).split()[1]
    assert until(lambda: "64.02.05" in machine.says("rekam", "central", "kiosks", "--config", RECEIVER_CONFIG), 30)

    machine.shell(f"rekam central approve {code} --config {RECEIVER_CONFIG}")

    assert until(machine.sends, 60)
    assert "ticket.taken" in machine.says("rekam", "central", "lines", "--config", RECEIVER_CONFIG)


def test_files_of_both_services_are_open_to_both_and_to_nobody_else(machine):
    shapes = machine.shell(f"stat -c '%n %a %G' {HOME}/data/rekam.db* {HOME}/data/mark.json {HOME}/run/agent.sock")

    assert {line.split(" ", 1)[1] for line in shapes.splitlines()} == {"660 rekam"}


@pytest.mark.parametrize("file", ["keys/kiosk.jwk", "api.token"])
def test_the_kiosk_cannot_read_secrets(machine, file):
    assert machine.as_service("rekam-kiosk", f"cat {HOME}/{file}") != 0
    assert machine.as_service("rekam-kiosk", f"cat {CONFIG}") == 0


@pytest.mark.parametrize("file", ["keys/receipt.jwk", "admin.token", "keys/settings.jwk"])
def test_central_reads_its_secrets_only_as_systemd_passed_them(machine, file):
    assert machine.as_service("rekam-central", f"cat {CENTRAL}/{file}") != 0
    assert machine.as_service("rekam-central", f"cat {RECEIVER_CONFIG}") == 0


def test_the_kiosk_has_no_network_to_leave_by(machine):
    assert machine.as_service("rekam-kiosk", "curl -s -m 3 http://127.0.0.1:8080/") == 7
    assert machine.as_service("rekam-kiosk", "grep -vq -e lo: -e '|' /proc/self/net/dev") == 1


@pytest.mark.parametrize("unit", ["rekam-agent", "rekam-kiosk"])
@pytest.mark.parametrize("place", [f"{CONFIG}", f"{HOME}/new", "/etc/new", "/usr/new", "/opt/rekam/new"])
def test_a_service_cannot_write_outside_its_data(machine, unit, place):
    assert machine.as_service(unit, f"echo x >>{place}") != 0
    assert machine.as_service(unit, f"touch {HOME}/data/new && rm {HOME}/data/new") == 0


@pytest.mark.parametrize("unit", SANDBOXED)
def test_a_service_runs_with_a_filter_and_without_capabilities(machine, unit):
    status = machine.shell(f"cat /proc/{machine.unit(unit, 'MainPID')}/status")

    for line in ("Seccomp:\t2", "NoNewPrivs:\t1", "CapBnd:\t0000000000000000", "CapEff:\t0000000000000000"):
        assert line in status


def test_no_browser_is_refused_while_the_kiosk_is_killed_again_and_again(machine):
    before = int(machine.unit("rekam-kiosk", "NRestarts"))
    for _ in range(3):
        machine.kill("rekam-kiosk")
        assert machine.get(8081, "/api/v1/board").returncode == 0

    assert int(machine.unit("rekam-kiosk", "NRestarts")) > before
    assert machine.unit("rekam-kiosk-citizen.socket", "ActiveState") == "active"


def test_a_kiosk_that_cannot_start_keeps_its_port_and_comes_back(machine):
    machine.shell(f"mv {HOME}/services.toml /root/")
    machine.kill("rekam-kiosk")
    refused = machine.get(8081, "/api/v1/board").returncode

    machine.shell(f"mv /root/services.toml {HOME}/")
    assert refused != 0
    assert until(lambda: machine.get(8081, "/api/v1/board").returncode == 0, 30)


def test_a_killed_agent_comes_back_and_hears_again(machine):
    machine.kill("rekam-agent")

    assert until(lambda: machine.unit("rekam-agent", "NRestarts") == "1", 20)
    assert until(lambda: machine.unit("rekam-agent", "ActiveState") == "active", 20)
    assert until(lambda: machine.as_service("rekam-kiosk", f"test -w {HOME}/run/agent.sock") == 0, 10)


def test_a_stop_is_answered_within_a_second(machine):
    for unit in ("rekam-agent", "rekam-kiosk"):
        took = machine.shell(f"s=$(date +%s%N); systemctl stop {unit}; e=$(date +%s%N); echo $(( (e - s) / 1000000 ))")
        assert int(took) < 1500
        assert machine.unit(unit, "ExecMainStatus") == "0"
    machine.shell("systemctl start rekam-agent rekam-kiosk")


def test_what_root_did_by_hand_is_put_right_at_the_next_start(machine):
    machine.shell(
        f"systemctl stop rekam-agent rekam-kiosk; chown root:root {HOME}/data/*; chmod 0600 {HOME}/data/rekam.db"
    )
    machine.shell("systemctl start rekam-agent rekam-kiosk")

    assert machine.shell(f"stat -c '%a %U %G' {HOME}/data/rekam.db") == "660 rekam-agent rekam"
    assert machine.take_ticket("nspawn-second")


@pytest.mark.parametrize(("finder", "other"), [("rekam-kiosk", "rekam-agent"), ("rekam-agent", "rekam-kiosk")])
def test_a_damaged_database_is_replaced_by_one_that_both_services_write(machine, finder, other):
    machine.shell(f"systemctl stop {finder}")
    machine.shell(f"dd if=/dev/urandom of={HOME}/data/rekam.db bs=4096 count=3 conv=notrunc status=none")
    machine.shell(f"systemctl start {finder}")

    assert until(lambda: machine.shell(f"stat -c '%a %G' {HOME}/data/rekam.db") == "660 rekam", 30)
    assert until(lambda: machine.unit(other, "ActiveState") == "active", 20)
    assert machine.take_ticket(f"nspawn-found-by-{finder}")
    assert until(machine.sends, 60)


def test_a_stick_takes_lines_out_whether_it_was_there_before_the_agent_or_not(machine):
    mount = "mkdir -p /media/rekam; mount -t tmpfs -o mode=0770,gid=rekam tmpfs /media/rekam"
    carry = f"rekam carry out /media/rekam --config {CONFIG}; ls /media/rekam/*.rekam; umount /media/rekam"

    assert ".rekam" in machine.shell(f"set -e; {mount}; {carry}")
    assert ".rekam" in machine.shell(f"set -e; {mount}; systemctl restart rekam-agent; {carry}")


def test_a_restored_backup_is_open_to_both_services(machine):
    machine.shell("systemctl stop rekam-agent rekam-kiosk")
    backup = machine.shell(f"ls -t {HOME}/data/backups/*.db {HOME}/data/rekam.db | head -1")
    machine.shell(f"cp {backup} /root/backup.db; rekam restore --config {CONFIG} /root/backup.db")
    machine.shell("systemctl start rekam-agent rekam-kiosk")

    assert machine.shell(f"stat -c '%a %U %G' {HOME}/data/rekam.db") == "660 rekam-agent rekam"
    assert machine.take_ticket("nspawn-restored")
    assert until(machine.sends, 60)


@pytest.mark.parametrize("unit", ["rekam-agent", "rekam-kiosk"])
def test_a_frozen_service_is_restarted_by_the_watchdog(machine, unit):
    folder = f"/run/systemd/system/{unit}.service.d"
    machine.shell(f"mkdir -p {folder}; printf '[Service]\\nWatchdogSec={SHORT_WATCHDOG_S}\\n' >{folder}/short.conf")
    machine.shell(f"systemctl daemon-reload; systemctl restart {unit}")
    machine.kill(unit, "STOP")

    assert until(lambda: machine.unit(unit, "NRestarts") == "1", SHORT_WATCHDOG_S + 20)
    assert until(lambda: machine.unit(unit, "ActiveState") == "active", 20)


def test_an_idle_service_is_left_alone_by_the_watchdog(machine):
    machine.shell("systemctl restart rekam-agent rekam-kiosk")
    until(lambda: False, SHORT_WATCHDOG_S + 5)

    assert [machine.unit(unit, "NRestarts") for unit in ("rekam-agent", "rekam-kiosk")] == ["0", "0"]


def test_everything_comes_back_after_a_reboot(machine):
    machine.power_off()
    machine.boot()

    assert until(lambda: [machine.unit(unit, "ActiveState") for unit in UNITS] == ["active"] * len(UNITS), 30)
    assert machine.take_ticket("nspawn-third")
    assert machine.says("systemctl", "--failed", "--no-legend", "rekam*") == ""
