"""data/mark.json: where the ledger stood at the last commit, outside database and backups.

A database behind its mark was restored from an older copy. The mark is written after each
commit and never synced: after a power cut it may be older than the database, never newer.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import msgspec

from agent.wire.line import Count, StreamName

SIZE: Final = 480  # below a disk's sector, so that a power cut leaves the old mark or the new one


class Numbers(msgspec.Struct, frozen=True):
    """The newest queue day and the highest number on a ticket of it: what may be on paper already."""

    day: Count = 0
    place: Count = 0


NO_NUMBERS: Final = Numbers()


class Mark(msgspec.Struct, frozen=True):
    """The ledger, its counter of signed batches, each stream's last (n, chain), and the numbers given."""

    ledger: str
    s: Count
    streams: dict[StreamName, tuple[Count, str]]
    numbers: Numbers = NO_NUMBERS


class MarkFile:
    """The mark on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = -1

    def read(self) -> Mark | None:
        """The mark, or None where there is none that can be read."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Mark)
        except (OSError, UnicodeDecodeError, msgspec.DecodeError):
            return None

    def write(self, mark: Mark) -> None:
        """Overwrite the mark in place; one small write, no sync, and none where it says so already."""
        if self._file < 0:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
        text = msgspec.json.encode(mark).ljust(SIZE - 1) + b"\n"
        if (
            os.pread(self._file, SIZE, 0) != text
        ):  # most rounds of readings add no line; the other process writes it too
            os.pwrite(self._file, text, 0)

    def close(self) -> None:
        """Give the file back; the next write opens it again."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
