"""The units as shipped: understood by systemd, closed as far as they can be, each restriction with its reason."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from agent import browser_again, cli, lan

SYSTEMD = Path(__file__).parents[2] / "systemd"
UNITS = sorted(path.name for path in SYSTEMD.iterdir() if path.suffix in {".service", ".socket", ".path"})
SERVICES = [name for name in UNITS if name.endswith(".service")]
BROWSER = "rekam-browser.service"
CLOSED = [name for name in SERVICES if name != BROWSER]
AGAIN = "rekam-browser-again.service"
OURS = [name for name in CLOSED if name not in ("rekam-lan.service", AGAIN)]  # they run Debian's nginx and systemctl
DAEMONS = ["rekam-agent.service", "rekam-central.service", "rekam-kiosk.service"]
REKAM = "/opt/rekam/.venv/bin/rekam"

# What says what to run, and not how closely to hold it.
PLAIN = {
    "Type", "NotifyAccess", "ExecStart", "User", "Group", "Restart", "RestartSec", "RemainAfterExit", "Sockets",
    "StateDirectoryMode", "TimeoutStopSec", "Service",
}  # fmt: skip

# What no service of ours goes without, in the words of its unit.
EVERYWHERE = {
    "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes", "PrivateMounts=yes",
    "PrivateIPC=yes", "PrivateUsers=yes", "ProtectProc=invisible", "ProtectClock=yes", "ProtectHostname=yes",
    "ProtectKernelLogs=yes", "ProtectKernelModules=yes", "ProtectKernelTunables=yes", "ProtectControlGroups=yes",
    "CapabilityBoundingSet=", "AmbientCapabilities=", "NoNewPrivileges=yes", "RestrictNamespaces=yes",
    "RestrictRealtime=yes", "RestrictSUIDSGID=yes", "SystemCallArchitectures=native", "LockPersonality=yes",
    "SystemCallFilter=@system-service", "SystemCallFilter=~@privileged @resources", "SystemCallErrorNumber=EPERM",
    "MemoryDenyWriteExecute=yes", "LimitCORE=0",
}  # fmt: skip

# What a browser cannot work with, and why; nothing else is missing from its unit.
NOT_A_BROWSERS = {
    "PrivateDevices=yes": "the loudspeaker, which DevicePolicy=closed names",
    "RestrictNamespaces=yes": "Chromium locks its pages into namespaces: user, pid and net",
    "SystemCallFilter=~@privileged @resources": "that lock needs chroot and capset; @resources alone is left out",
    "MemoryDenyWriteExecute=yes": "JavaScript is compiled while it runs",
}

DAEMONS_ONLY = {
    "Type=notify", "Restart=always", "MemorySwapMax=0", "RemoveIPC=yes", "StartLimitIntervalSec=0",
    "Environment=PYTHONFAULTHANDLER=1",
}  # fmt: skip


def lines_of(unit):
    return (SYSTEMD / unit).read_text().splitlines()


def settings_of(unit):
    """Every KEY=VALUE of a unit, in order."""
    return [tuple(line.split("=", 1)) for line in lines_of(unit) if re.match(r"[A-Z]\w*=", line)]


def value(unit, key):
    return dict(settings_of(unit)).get(key, "")


def complaints(folder):
    """What `systemd-analyze verify` says about our units; it exits with 0 when a key is unknown."""
    paths = [str(folder / name) for name in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *paths], capture_output=True, text=True, check=False
    )
    return [line for line in (done.stdout + done.stderr).splitlines() if "rekam" in line]


@pytest.fixture
def installed(tmp_path):
    """The units, with a program that exists in the place of ours."""
    program = shutil.which("true")
    for name in UNITS:
        (tmp_path / name).write_text((SYSTEMD / name).read_text().replace(REKAM, program))
    return tmp_path


@pytest.mark.needs("systemd-analyze")
def test_systemd_understands_every_line(installed):
    assert complaints(installed) == []


@pytest.mark.needs("systemd-analyze")
@pytest.mark.parametrize("mistake", ["PrivateNetwrok=yes", "WatchdogSec=soon", "SystemCallFilter=@no-such-set"])
def test_a_mistake_in_a_unit_would_be_seen(installed, mistake):
    unit = installed / "rekam-kiosk.service"
    unit.write_text(unit.read_text().replace("[Install]", f"[Service]\n{mistake}\n[Install]"))

    assert [line for line in complaints(installed) if "rekam-kiosk.service" in line]


def exposure(service):
    """The score of 10 that systemd gives; lower is better."""
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(SYSTEMD / service)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return float(re.search(rf"Overall exposure level for {re.escape(service)}: (\d+\.\d+)", done.stdout).group(1))


@pytest.mark.needs("systemd-analyze")
@pytest.mark.parametrize("service", SERVICES)
def test_the_exposure_is_below_two(service):
    assert exposure(service) < 2.0


def test_the_browser_reaches_only_this_machine_and_its_loudspeaker():
    assert {"IPAddressDeny=any", "IPAddressAllow=localhost", "DevicePolicy=closed"} <= set(lines_of(BROWSER))
    assert [value for key, value in settings_of(BROWSER) if key == "DeviceAllow"] == ["char-alsa rw"]
    assert "SystemCallFilter=~@resources" in lines_of(BROWSER)


def test_the_browser_lacks_only_what_it_cannot_work_with():
    assert EVERYWHERE - set(lines_of(BROWSER)) == set(NOT_A_BROWSERS)


def test_the_profile_of_the_browser_lies_in_ram_and_nothing_of_a_citizen_is_kept():
    words = " ".join(lines_of(BROWSER))

    assert value(BROWSER, "RuntimeDirectory") == "rekam-browser"
    assert all(flag in words for flag in ("--incognito", "--user-data-dir=/run/rekam-browser/", "--disable-pinch"))
    assert {"MemorySwapMax=0", "InaccessiblePaths=-/var/lib/rekam", "Restart=always"} <= set(lines_of(BROWSER))


def test_the_browser_opens_the_citizens_port_and_waits_for_its_socket():
    port = value("rekam-kiosk-citizen.socket", "ListenStream")

    assert any(line.strip() == f"http://{port}/" for line in lines_of(BROWSER))
    assert "rekam-kiosk-citizen.socket" in value(BROWSER, "After").split()


def test_the_restart_of_the_screen_waits_for_the_file_that_the_agent_leaves():
    left = f"/run/rekam/{Path(browser_again.FILE).name}"

    assert value(AGAIN.replace("service", "path"), "PathExists") == left
    assert ("ExecStart", f"/usr/bin/rm -f {left}") in settings_of(AGAIN)
    assert AGAIN.replace("service", "path") in value(BROWSER, "Wants") + " ".join(lines_of(BROWSER))


def test_the_policies_of_the_browser_turn_off_what_remembers_a_citizen():
    policies = json.loads((SYSTEMD / "chromium/rekam.json").read_text())
    remembering = ("AutofillAddressEnabled", "AutofillCreditCardEnabled", "PasswordManagerEnabled", "TranslateEnabled")

    assert [policies[name] for name in remembering] == [False] * 4
    assert policies["SavingBrowserHistoryDisabled"]
    assert (policies["URLBlocklist"], policies["URLAllowlist"]) == (["*"], ["127.0.0.1"])


@pytest.mark.parametrize("unit", UNITS)
def test_a_reason_stands_above_each_restriction(unit):
    lines = lines_of(unit)
    body = lines.index(f"[{unit.rsplit('.', 1)[1].title()}]") + 1
    end = lines.index("[Install]") if "[Install]" in lines else len(lines)
    bare = [
        lines[at] for at in range(body, end)
        if re.match(r"[A-Z]", lines[at]) and lines[at].split("=")[0] not in PLAIN and not lines[at - 1].startswith("# ")
    ]  # fmt: skip

    assert bare == []


@pytest.mark.parametrize("service", CLOSED)
def test_every_service_is_held_as_closely_as_the_others(service):
    assert EVERYWHERE - set(lines_of(service)) == set()


@pytest.mark.parametrize("service", DAEMONS)
def test_a_service_is_watched_restarted_for_ever_and_never_swapped(service):
    assert DAEMONS_ONLY - set(lines_of(service)) == set()
    assert value(service, "WatchdogSec")


@pytest.mark.parametrize("service", [*DAEMONS, BROWSER])
def test_no_daemon_is_root(service):
    users = (SYSTEMD / "sysusers.d/rekam.conf").read_text()

    assert re.search(rf"^u {value(service, 'User')} ", users, re.MULTILINE)
    assert re.search(rf"^[ug] {value(service, 'Group')} ", users, re.MULTILINE)


def test_the_kiosk_has_no_network_and_no_signing_key():
    lines = lines_of("rekam-kiosk.service")

    assert "PrivateNetwork=yes" in lines
    assert "RestrictAddressFamilies=AF_UNIX" in lines
    assert "InaccessiblePaths=-/var/lib/rekam/keys/kiosk.jwk" in lines


@pytest.mark.parametrize("name", ["citizen", "staff"])
def test_the_kiosk_gets_each_socket_under_the_name_it_looks_for(name):
    socket = f"rekam-kiosk-{name}.socket"

    assert value(socket, "FileDescriptorName") == name
    assert value(socket, "Service") == "rekam-kiosk.service"
    assert socket in value("rekam-kiosk.service", "Sockets")


def test_the_citizens_port_is_reachable_from_this_machine_only():
    assert value("rekam-kiosk-citizen.socket", "ListenStream").startswith("127.0.0.1:")


def test_only_the_mark_of_the_machine_and_the_restart_of_the_screen_are_roots_work():
    roots = [service for service in SERVICES if not value(service, "User")]

    assert roots == [AGAIN, "rekam-machine.service"]
    assert value("rekam-agent.service", "After") == "rekam-machine.service"


@pytest.mark.parametrize("service", OURS)
def test_every_service_runs_the_program_where_it_was_installed(service):
    assert value(service, "ExecStart").startswith(f"{REKAM} ")


@pytest.mark.parametrize("service", OURS)
def test_the_program_has_the_command_that_a_unit_calls(service):
    words = value(service, "ExecStart").removeprefix(REKAM).split()

    assert cli.build_parser(words).parse_args(words).config == Path(words[-1])


def test_the_proxy_for_the_office_is_nginx_with_the_settings_that_rekam_lan_writes():
    assert value("rekam-lan.service", "ExecStart") == "/usr/sbin/nginx -e stderr -c /etc/rekam/lan/nginx.conf"
    assert lan.SERVICE_KEY.endswith(f"rekam-lan.service/{value('rekam-lan.service', 'LoadCredential').split(':')[0]}")
    assert lan.SERVICE_RUN.removeprefix("/run/") == value("rekam-lan.service", "RuntimeDirectory")


def test_the_proxy_for_the_office_sees_no_data_and_answers_no_address_of_the_internet():
    lines = lines_of("rekam-lan.service")

    assert "InaccessiblePaths=-/var/lib/rekam" in lines
    assert "IPAddressDeny=any" in lines
