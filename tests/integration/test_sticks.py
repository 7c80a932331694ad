"""Sticks are found by what the kernel says of mounts and disks; and real file systems that fill, lock and vanish."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from agent.errors import Unreachable
from agent.folder import Folder
from agent.probes import sticks

NAME = "a" * 64 + ".rekam"


class Usage(NamedTuple):
    total: int
    used: int
    free: int


class Machine:
    """A tree like /sys, and the mounts."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.lines: list[str] = []

    def disk(self, name: str, device: str, bus: str, removable: int, place: str, options: str = "rw") -> None:
        disk = self.root / f"sys/devices/{bus}/block/{name}"
        part = disk / f"{name}1"
        part.mkdir(parents=True)
        (disk / "device").mkdir()
        (disk / "removable").write_text(f"{removable}\n")
        (disk / "device/vendor").write_text("Kingston\n")
        (disk / "device/model").write_text("DataTraveler 3.0\n")
        (self.root / "sys/dev/block").mkdir(parents=True, exist_ok=True)
        (self.root / "sys/dev/block" / device).symlink_to(part)
        self.mounted(device, place, options)

    def mounted(self, device: str, place: str, options: str = "rw") -> None:
        self.lines.append(f"30 1 {device} / {place} {options},relatime - vfat /dev/x {options}")

    def find(self, usage=lambda _: Usage(16, 4, 12)) -> list[sticks.Stick]:
        (self.root / "mountinfo").write_text("\n".join(self.lines))
        return sticks.find(self.root / "mountinfo", self.root / "sys", usage)


@pytest.fixture
def machine(tmp_path) -> Machine:
    made = Machine(tmp_path)
    made.disk("sda", "8:1", "pci0/ata1", 0, "/")
    return made


def test_a_stick_is_found_with_its_name_and_room(machine):
    machine.disk("sdb", "8:17", "pci0/usb1/1-2", 1, "/media/rekam")

    assert machine.find() == [sticks.Stick("/media/rekam", "Kingston DataTraveler 3.0", 16, 12, read_only=False)]


def test_a_usb_disk_that_calls_itself_fixed_is_one_too(machine):
    machine.disk("sdc", "8:33", "pci0/usb2/2-1", 0, "/media/disk")

    assert [each.place for each in machine.find()] == ["/media/disk"]


def test_the_disk_inside_is_none(machine):
    machine.disk("sdb", "8:17", "pci0/ata2", 0, "/srv")

    assert machine.find() == []


def test_the_disk_that_the_machine_runs_from_is_none_though_it_is_on_usb(tmp_path):
    machine = Machine(tmp_path)
    machine.disk("sda", "8:1", "pci0/usb1/1-1", 1, "/")
    machine.mounted("8:1", "/srv")

    assert machine.find() == []


def test_a_stick_mounted_twice_is_one(machine):
    machine.disk("sdb", "8:17", "pci0/usb1/1-2", 1, "/media/one")
    machine.mounted("8:17", "/media/two")

    assert [each.place for each in machine.find()] == ["/media/one"]


def test_a_locked_stick_says_so(machine):
    machine.disk("sdb", "8:17", "pci0/usb1/1-2", 1, "/media/rekam", "ro")

    assert machine.find()[0].read_only


def test_a_stick_that_is_pulled_while_it_is_looked_at_is_not_there(machine):
    machine.disk("sdb", "8:17", "pci0/usb1/1-2", 1, "/media/rekam")

    def pulled(_place):
        raise OSError("gone")

    assert machine.find(pulled) == []


def test_this_machine_can_be_asked():
    assert isinstance(sticks.find(), list)


@pytest.fixture
def tiny(tmp_path) -> Iterator[Path]:
    """A file system of its own with room for a few files."""
    place = tmp_path / "stick"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "stick", str(place)], check=True)
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False, stderr=subprocess.DEVNULL)


@pytest.mark.needs("root")
def test_a_stick_that_fills_up_keeps_whole_files_only(tiny):
    folder = Folder(tiny)
    folder.put(NAME, b"x" * 30_000)
    with pytest.raises(Unreachable) as caught:
        folder.put("b" * 64 + ".rekam", b"y" * 60_000)

    assert caught.value.code == "carrier-full"
    assert folder.names("") == [NAME]


@pytest.mark.needs("root")
def test_a_locked_stick_is_told_as_locked(tiny):
    subprocess.run(["mount", "-o", "remount,ro", str(tiny)], check=True)
    with pytest.raises(Unreachable) as caught:
        Folder(tiny).put(NAME, b"x")

    assert caught.value.code == "carrier-read-only"


@pytest.mark.needs("root")
def test_nothing_is_written_to_our_own_disk_where_a_stick_was(tiny):
    folder = Folder(tiny)
    folder.put(NAME, b"x")
    subprocess.run(["umount", "-l", str(tiny)], check=True)
    with pytest.raises(Unreachable) as caught:
        folder.put("b" * 64 + ".rekam", b"y")

    assert caught.value.code == "carrier-gone"
    assert list(tiny.iterdir()) == []
