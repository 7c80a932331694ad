"""The power goes: what the kernel had not yet written is lost, what was answered is not."""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import apsw
import pytest

from agent.errors import StoreError
from agent.store import database
from tests.fakes import FakeClock
from tests.small_office import small_office, small_store, take

pytestmark = [pytest.mark.needs("root"), pytest.mark.needs("loop"), pytest.mark.needs("mkfs.ext4")]
EXT4_IOC_SHUTDOWN = 0x8004587D
NO_FLUSH = struct.pack("I", 2)  # the file system ends here, with nothing more written


class Disk:
    """A small file system of its own in a file, and the cut of its power."""

    def __init__(self, folder: Path) -> None:
        self.image, self.mounted = folder / "disk.img", folder / "disk"

    def make(self) -> None:
        with self.image.open("wb") as image:
            image.truncate(64 << 20)
        self.mounted.mkdir()
        run("mkfs.ext4", "-q", str(self.image))

    def mount(self) -> None:
        run("mount", "-o", "loop", str(self.image), str(self.mounted))

    def cut(self) -> None:
        handle = os.open(self.mounted, os.O_RDONLY)
        fcntl.ioctl(handle, EXT4_IOC_SHUTDOWN, NO_FLUSH)
        os.close(handle)

    def unmount(self) -> None:
        run("umount", str(self.mounted))


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path) -> Iterator[Disk]:
    made = Disk(tmp_path)
    made.make()
    made.mount()
    yield made
    made.unmount()


def numbers_after_the_cut(disk: Disk) -> tuple[list[str], list[str]]:
    """The names of the visits that were answered, and of those that are there afterwards."""
    home, clock = disk.mounted / "office", FakeClock()
    store = small_store(home, clock)
    answered = [take(store, small_office(home), f"person {n}").visit for n in range(20)]
    disk.cut()
    with suppress(StoreError, apsw.Error, OSError):
        store.close()  # as the end of a process does; the disk below is gone
    disk.unmount()
    disk.mount()
    clock.reboot("second")
    return answered, found(home, clock)


def found(home: Path, clock: FakeClock) -> list[str]:
    store = small_store(home, clock)
    rows = store.rows("SELECT substr(ledger, -8) || '.' || n FROM visit ORDER BY number")
    assert store.rows("PRAGMA integrity_check") == [("ok",)]
    store.close()
    return [name for (name,) in rows]


def test_every_number_that_was_answered_is_there_after_a_power_cut(disk):
    answered, there = numbers_after_the_cut(disk)

    assert len(answered) == 20
    assert there == answered


def test_without_synced_commits_the_same_cut_loses_numbers(disk, monkeypatch):
    monkeypatch.setitem(database.PRAGMAS, "synchronous", "normal")
    answered, there = numbers_after_the_cut(disk)

    assert len(there) < len(answered)
