"""Users, owners and modes, made in a directory of its own by the tools that make them on a real machine."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

SYSTEMD = Path(__file__).parents[2] / "systemd"
FILES = (
    "kiosk.toml", "services.toml", "regions.csv", "api.token", "keys/kiosk.jwk", "keys/keylist.jws", "data/rekam.db",
    "data/rekam.db-wal", "data/mark.json", "data/settings.jws",
)  # fmt: skip
FOLDERS = ("keys", "data", "data/receipts", "data/backups", "data/rosters", "run")

pytestmark = pytest.mark.needs("root", "systemd-analyze")


class Office:
    """An office directory under a root of its own, and who may do what in it."""

    def __init__(self, root):
        self.root = root
        self.users = {"root": 0} | self.read("etc/passwd", 2)
        self.groups = self.read("etc/group", 2)

    def read(self, file, column):
        rows = [line.split(":") for line in (self.root / file).read_text().splitlines()]
        return {row[0]: int(row[column]) for row in rows}

    def shape(self, name):
        """Mode, user and group of a file, in words."""
        found = (self.root / "var/lib/rekam" / name).lstat()
        return (
            f"{stat.S_IMODE(found.st_mode):04o}",
            next(name for name, number in self.users.items() if number == found.st_uid),
            next(name for name, number in self.groups.items() if number == found.st_gid),
        )

    def allows(self, user, access, name):
        """Whether that user, in the group rekam, may r, w or x it, by the kernel's own judgement."""
        done = subprocess.run(
            ["test", f"-{access}", name],
            cwd=self.root / "var/lib/rekam",  # entered as root: the test's own directory is closed to others
            user=self.users[user], group=self.groups["rekam"], extra_groups=[], check=False,
        )  # fmt: skip
        return done.returncode == 0


def set_owners(root):
    subprocess.run(
        ["systemd-tmpfiles", f"--root={root}", "--create", str(SYSTEMD / "tmpfiles.d/rekam.conf")], check=True
    )


@pytest.fixture
def office(tmp_path):
    """As `rekam init` leaves it when root calls it, then put right."""
    root = tmp_path / "root"
    home = root / "var/lib/rekam"
    (root / "etc").mkdir(parents=True)
    for folder in FOLDERS:
        (home / folder).mkdir(parents=True)
    for name in FILES:
        (home / name).touch(mode=0o600)
    subprocess.run(["systemd-sysusers", f"--root={root}", str(SYSTEMD / "sysusers.d/rekam.conf")], check=True)
    set_owners(root)
    return Office(root)


@pytest.mark.parametrize("user", ["rekam-agent", "rekam-kiosk"])
def test_both_services_write_the_database_and_delete_its_side_files(office, user):
    for name in ("data/rekam.db", "data/rekam.db-wal", "data/mark.json"):
        assert office.allows(user, "r", name)
        assert office.allows(user, "w", name)
    assert office.allows(user, "w", "data")


def test_what_is_made_beside_the_database_belongs_to_the_common_group(office):
    assert office.shape("data") == ("2770", "root", "rekam")


def test_the_signing_key_is_the_agents_alone(office):
    assert office.allows("rekam-agent", "r", "keys/kiosk.jwk")
    assert not office.allows("rekam-kiosk", "r", "keys/kiosk.jwk")
    assert office.shape("keys/kiosk.jwk") == ("0600", "rekam-agent", "rekam")


def test_the_kiosk_reads_the_key_list_to_seal_and_cannot_change_it(office):
    assert office.allows("rekam-kiosk", "r", "keys/keylist.jws")
    assert not office.allows("rekam-kiosk", "w", "keys/keylist.jws")


@pytest.mark.parametrize("user", ["rekam-agent", "rekam-kiosk"])
@pytest.mark.parametrize("name", ["kiosk.toml", "services.toml", "regions.csv"])
def test_services_read_the_settings_and_cannot_change_them(office, user, name):
    assert office.allows(user, "r", name)
    assert not office.allows(user, "w", name)
    assert not office.allows(user, "w", ".")


@pytest.mark.parametrize("user", ["rekam-agent", "rekam-kiosk"])
def test_the_token_of_the_local_api_reaches_the_kiosk_only_through_systemd(office, user):
    assert not office.allows(user, "r", "api.token")


@pytest.mark.parametrize("folder", ["receipts", "backups"])
def test_receipts_and_backups_are_written_by_the_agent_only(office, folder):
    assert office.allows("rekam-agent", "w", f"data/{folder}")
    assert not office.allows("rekam-kiosk", "w", f"data/{folder}")


def test_keys_of_rosters_are_made_by_the_kiosk_and_may_be_deleted_by_the_agent(office):
    assert office.shape("data/rosters") == ("0770", "rekam-kiosk", "rekam")
    assert office.allows("rekam-agent", "w", "data/rosters")


@pytest.mark.parametrize("name", ["data/rekam.db", "keys/keylist.jws", "keys/kiosk.jwk"])
def test_a_file_that_root_put_in_the_place_of_another_is_put_right(office, name):
    before = office.shape(name)
    file = office.root / "var/lib/rekam" / name
    file.unlink()
    file.touch(mode=0o644)

    set_owners(office.root)

    assert office.shape(name) == before


def test_nothing_is_made_in_a_directory_that_waits_for_its_office(office):
    home = office.root / "var/lib/rekam"
    shutil.rmtree(home)
    home.mkdir()

    set_owners(office.root)

    assert list(home.iterdir()) == []


def test_a_link_to_the_ram_disk_stays_a_link(office):
    run = office.root / "var/lib/rekam/run"
    run.rmdir()
    run.symlink_to("/run/rekam")

    set_owners(office.root)

    assert run.readlink() == Path("/run/rekam")


def test_the_ram_disk_is_shared_and_nobody_replaces_what_another_left(office):
    found = (office.root / "run/rekam").stat()

    assert stat.S_IMODE(found.st_mode) == 0o1770
    assert found.st_gid == office.groups["rekam"]
