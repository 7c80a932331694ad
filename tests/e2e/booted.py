"""What holds on every booted machine that has the citizens' screen and TLS for the office; each file brings a machine.

The screen is none: cage draws into memory, as a container has no graphics chip. All else is the unit as it ships.
"""

from __future__ import annotations

import json

import pytest

from tests.e2e.machine import HOME, OfficeNetwork, handbook, until

BROWSER = "rekam-browser"
LAN = "rekam-lan"
NO_SCREEN = "WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1"
HERE, OFFICER = "192.168.1.10", "192.168.1.20"  # the first is docs/deployment.md's
STRANGE_HERE, STRANGER = "203.0.113.1", "203.0.113.2"


def asked_by_browser(machine):
    """When a browser asked the kiosk for a page, by the pulse that the agent's probe reads; None before the first."""
    found = machine.says("cat", f"{HOME}/run/kiosk.json")
    return json.loads(found)["heard"] if found else None


def has_page(machine):
    """Whether a process of the unit holds a connection to the citizen's port."""
    return '("chromium"' in machine.says("ss", "-Htnp", "state", "established", "dport", "=", ":8080")


def in_cgroup(machine, unit, command):
    """The exit status of a command under that unit's limits of the network."""
    group = machine.unit(unit, "ControlGroup")
    script = f"echo $$ >$(ls -d /sys/fs/cgroup/unified{group} /sys/fs/cgroup{group} 2>/dev/null | head -1)/cgroup.procs"
    return machine.run("sh", "-c", f"{script} && exec {command}").returncode


@pytest.fixture(scope="module")
def screen(machine):
    """A machine whose citizens' screen was set up by the handbook; the kiosk has seen no browser before."""
    folder = f"/etc/systemd/system/{BROWSER}.service.d"
    machine.shell(f"mkdir -p {folder}; printf '[Service]\\nEnvironment={NO_SCREEN}\\n' >{folder}/no-screen.conf")
    machine.shell(f"systemctl daemon-reload; rm -f {HOME}/run/kiosk.json; systemctl restart rekam-kiosk")
    machine.shell(handbook("The citizens' screen"))
    return machine


@pytest.fixture(scope="module")
def office(machine):
    """The same machine on the office's network, with an officer's computer and a stranger's on the cable."""
    machine.shell(handbook("The counter on the office's network"))
    with OfficeNetwork(machine) as network:
        network.number(HERE, OFFICER)
        network.number(STRANGE_HERE, STRANGER)
        yield network


def sign_in_page(network, of=OFFICER, seconds="20"):
    """The sign-in as the officer's computer gets it, which trusts this machine's certificate and no other."""
    trust = str(network.machine.root / "etc/rekam/lan/staff.crt")
    address = f"https://{HERE}:8443/masuk?lang=id"
    return network.of_pc("curl", "-sf", "-m", seconds, "--interface", of, "--cacert", trust, address).stdout


class TestScreen:
    def test_the_screen_asks_the_kiosk_for_its_page(self, screen):
        assert until(lambda: has_page(screen)), screen.journal(BROWSER)
        assert until(lambda: asked_by_browser(screen)), screen.journal(BROWSER)
        assert screen.is_active("seatd", BROWSER)

    def test_its_pages_are_locked_in_and_nothing_of_it_gets_new_rights(self, screen):
        held = "for p in $(pgrep -u kiosk); do grep -hE '^(NoNewPrivs|Seccomp):' /proc/$p/status; done | sort -u"
        pages = "for p in $(pgrep -u kiosk -f type=renderer); do readlink /proc/$p/ns/net; done | sort -u"

        assert screen.shell(held).split() == ["NoNewPrivs:", "1", "Seccomp:", "2"]
        assert screen.shell("readlink /proc/1/ns/net") not in screen.shell(pages).split() != []

    def test_it_reaches_this_machines_pages_and_no_other_address(self, screen, office):
        ask = "curl -so /dev/null -m 2 --insecure"
        screen.shell(f"systemctl start {LAN}")
        assert until(lambda: sign_in_page(office))

        assert in_cgroup(screen, BROWSER, f"{ask} http://127.0.0.1:8080/") == 0
        assert in_cgroup(screen, BROWSER, f"{ask} https://{HERE}:8443/") != 0
        assert screen.run(*ask.split(), f"https://{HERE}:8443/").returncode == 0

    @pytest.mark.parametrize("victim", ["cage", "chromium"])
    def test_it_comes_back_when_a_part_of_it_is_killed(self, screen, victim):
        before = screen.unit(BROWSER, "MainPID")
        screen.shell(f"kill -9 $(pgrep -o -u kiosk -x {victim})")

        assert until(lambda: screen.unit(BROWSER, "MainPID") not in ("0", before))
        assert until(lambda: has_page(screen)), screen.journal(BROWSER)

    def test_a_page_that_stands_still_is_started_anew_on_the_agents_word(self, screen):
        before = screen.unit(BROWSER, "MainPID")
        screen.shell(f"setpriv --reuid rekam-agent --regid rekam --clear-groups touch {HOME}/run/browser-again")

        assert until(lambda: screen.unit(BROWSER, "MainPID") not in ("0", before)), screen.journal(f"{BROWSER}-again")
        assert until(lambda: has_page(screen)), screen.journal(BROWSER)
        assert screen.unit(f"{BROWSER}-again", "ActiveState") == "activating"  # and so it is for four minutes
        assert screen.run("test", "-e", f"{HOME}/run/browser-again").returncode == 1

    def test_a_stop_leaves_no_process_no_file_and_no_failure(self, screen):
        screen.shell(f"systemctl stop {BROWSER}")

        assert (screen.unit(BROWSER, "ActiveState"), screen.unit(BROWSER, "Result")) == ("inactive", "success")
        assert screen.run("pgrep", "-u", "kiosk").returncode == 1
        assert screen.run("test", "-e", "/run/rekam-browser").returncode == 1


class TestLan:
    def test_an_officer_signs_in_over_tls_although_the_address_came_after_the_start(self, office):
        assert until(lambda: "Masuk petugas" in sign_in_page(office)), office.machine.journal(LAN)

    def test_a_network_that_is_no_offices_gets_no_answer(self, office):
        assert "Masuk petugas" in sign_in_page(office)
        assert sign_in_page(office, of=STRANGER, seconds="1") == ""

    def test_its_user_reads_its_copy_of_the_key_and_nothing_else_of_the_machines(self, office):
        secrets = (f"/run/credentials/{LAN}.service/staff.key", "/etc/rekam/lan/staff.key", f"{HOME}/kiosk.toml")

        assert [office.machine.as_service(LAN, f"cat {file}") == 0 for file in secrets] == [True, False, False]

    def test_a_new_certificate_is_read_without_a_restart(self, office):
        before = office.machine.unit(LAN, "MainPID")
        office.machine.shell(f"systemctl reload {LAN}")

        assert until(lambda: "Masuk petugas" in sign_in_page(office))
        assert office.machine.unit(LAN, "MainPID") == before

    def test_it_comes_back_when_it_is_killed_and_ends_without_failure_when_stopped(self, office):
        office.machine.kill(LAN)
        assert until(lambda: "Masuk petugas" in sign_in_page(office))

        office.machine.shell(f"systemctl stop {LAN}")
        assert (office.machine.unit(LAN, "ActiveState"), office.machine.unit(LAN, "Result")) == ("inactive", "success")
