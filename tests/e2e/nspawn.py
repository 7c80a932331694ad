"""The units on a really booted Debian 12 and 13: users, sockets, modes, sandbox, restarts, watchdog, screen, TLS.

Not part of `./run test`: it downloads two small Debians. As root, with systemd-container and mmdebstrap:

    ./run test tests/e2e/nspawn.py

A container has no DMI, no screen and here no memory limits, so the machine's mark, a graphics chip, MemoryMax= and
MemorySwapMax= are not seen. `tests/e2e/test_boot.py`, part of `./run test`, boots this machine's own Debian.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.e2e.booted import TestLan, TestScreen, office, screen
from tests.e2e.machine import CONFIG, HOME, ROOT, Machine, chroot, handbook, handbook_packages, layer, put_tree, until

__all__ = ["TestLan", "TestScreen", "office", "screen"]
ROOTS = Path(os.environ.get("REKAM_NSPAWN_ROOTS", "/var/cache/rekam-nspawn"))
PACKAGES = "systemd,systemd-sysv,dbus,python3,python3-venv,ca-certificates,curl,iproute2,procps,util-linux"
CENTRAL = "/var/lib/rekam-central"
RECEIVER_CONFIG = f"{CENTRAL}/central.toml"
UNITS = ("rekam-agent", "rekam-kiosk", "rekam-machine", "rekam-central")
SANDBOXED = ("rekam-agent", "rekam-kiosk", "rekam-central")
SHORT_WATCHDOG_S = 25  # the agent feeds it at least every ten seconds


def missing():
    tools = [name for name in ("systemd-nspawn", "mmdebstrap", "nsenter", "ip") if shutil.which(name) is None]
    return "needs root" if os.geteuid() != 0 else f"needs {', '.join(tools)}" if tools else ""


pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "-")


def debian(suite):
    """The root of a small Debian with all that the handbook installs and Rekam's dependencies, made at first use."""
    root = ROOTS / suite
    if not (root / "opt/rekam/.venv/made").exists():
        shutil.rmtree(root, ignore_errors=True)
        ROOTS.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mmdebstrap", "--variant=minbase", f"--include={PACKAGES}", suite, str(root)], check=True)
        shutil.copy(
            "/etc/ssl/certs/ca-certificates.crt", root / "etc/ssl/certs/ca-certificates.crt"
        )  # a test's root only
        shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
        chroot(root, "apt-get", "-q", "update")
        chroot(root, "apt-get", "-q", "-y", "install", "--no-install-recommends", *handbook_packages())
        (root / "opt/rekam").mkdir()
        shutil.copy(ROOT / "requirements.lock", root / "opt/rekam")
        chroot(root, "python3", "-m", "venv", "/opt/rekam/.venv")
        pip(root, "--only-binary", ":all:", "--require-hashes", "-r", "/opt/rekam/requirements.lock")
        (root / "opt/rekam/.venv/made").touch()
    return root


def pip(root, *arguments):
    chroot(root, "/opt/rekam/.venv/bin/pip", "install", "-q", *arguments)


@pytest.fixture(scope="module", params=["bookworm", "trixie"])
def machine(request):
    """A throwaway copy of a Debian with Rekam set up in it, booted."""
    lower = debian(request.param)
    base = Path(mkdtemp(prefix="run-", dir=ROOTS))  # not pytest's: another run would tidy up in it
    with layer(lower, base) as root:
        put_tree(root)
        pip(root, "--no-deps", "--no-build-isolation", "/opt/rekam")
        booted = Machine(root, f"rekam-{request.param}")
        try:
            booted.boot()
            booted.shell(handbook("The units"))
            booted.shell(handbook("A receiver") + f"rm -r {CENTRAL}/root")
            booted.shell(handbook("An office machine", blocks=1))
            yield booted
        finally:
            booted.power_off()
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

    assert until(jobs)


def test_what_the_office_recorded_reaches_central_once_it_is_let_in(machine):
    code = machine.says("rekam", "pair", "--config", CONFIG).split()[1]
    assert until(lambda: "64.02.05" in machine.says("rekam", "central", "kiosks", "--config", RECEIVER_CONFIG))

    machine.shell(f"rekam central approve {code} --config {RECEIVER_CONFIG}")

    assert until(machine.sends)
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
    assert until(lambda: machine.get(8081, "/api/v1/board").returncode == 0)


def test_a_killed_agent_comes_back_and_hears_again(machine):
    machine.kill("rekam-agent")

    assert until(lambda: machine.unit("rekam-agent", "NRestarts") == "1")
    assert until(lambda: machine.unit("rekam-agent", "ActiveState") == "active")
    assert until(lambda: machine.as_service("rekam-kiosk", f"test -w {HOME}/run/agent.sock") == 0)


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

    assert until(lambda: machine.shell(f"stat -c '%a %G' {HOME}/data/rekam.db") == "660 rekam")
    assert until(lambda: machine.unit(other, "ActiveState") == "active")
    assert machine.take_ticket(f"nspawn-found-by-{finder}")
    assert until(machine.sends)


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
    assert until(machine.sends)


@pytest.mark.parametrize("unit", ["rekam-agent", "rekam-kiosk"])
def test_a_frozen_service_is_restarted_by_the_watchdog(machine, unit):
    folder = f"/run/systemd/system/{unit}.service.d"
    machine.shell(f"mkdir -p {folder}; printf '[Service]\\nWatchdogSec={SHORT_WATCHDOG_S}\\n' >{folder}/short.conf")
    machine.shell(f"systemctl daemon-reload; systemctl restart {unit}")
    machine.kill(unit, "STOP")

    assert until(lambda: machine.unit(unit, "NRestarts") == "1")
    assert until(lambda: machine.unit(unit, "ActiveState") == "active")


def test_an_idle_service_is_left_alone_by_the_watchdog(machine):
    machine.shell("systemctl restart rekam-agent rekam-kiosk")
    threading.Event().wait(SHORT_WATCHDOG_S + 5)

    assert [machine.unit(unit, "NRestarts") for unit in ("rekam-agent", "rekam-kiosk")] == ["0", "0"]


def test_everything_comes_back_after_a_reboot(machine):
    machine.power_off()
    machine.boot()

    assert until(lambda: [machine.unit(unit, "ActiveState") for unit in UNITS] == ["active"] * len(UNITS))
    assert machine.take_ticket("nspawn-third")
    assert machine.says("systemctl", "--failed", "--no-legend", "rekam*") == ""
