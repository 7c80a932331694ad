"""The key of each roster's digests: a file beside the database, in no copy of it, that only the kiosk's user reads.

Without it a digest says nothing, so where a copy of the database outlives a roster, nobody can be found in it.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Final

from agent.all_or_nothing import write_new
from agent.errors import DiskFull

FOLDER: Final = "data/rosters"
OWNER_ONLY: Final = 0o600


def file_of(home: Path, number: int) -> Path:
    """Where a roster's key lies."""
    return home / FOLDER / f"{number}.key"


def put(home: Path, number: int, secret: bytes) -> None:
    """Keep the key of a roster; raises DiskFull. What root writes belongs to whom the folder belongs to."""
    file = file_of(home, number)
    try:
        file.parent.mkdir(mode=0o770, exist_ok=True)
        file.unlink(missing_ok=True)
        write_new(file, secret, OWNER_ONLY)
        if os.geteuid() == 0:
            os.chown(file, file.parent.stat().st_uid, -1)
    except OSError as fault:
        raise DiskFull("not-written", f"{fault.strerror}; nothing was taken in", file=str(file)) from fault


def find(home: Path, number: int) -> bytes | None:
    """The key of a roster; None where it is gone or not this user's, and then nobody matches."""
    with suppress(OSError):
        return file_of(home, number).read_bytes()
    return None


def drop(home: Path, number: int) -> None:
    """The key is gone, whoever wrote it."""
    file_of(home, number).unlink(missing_ok=True)


def keep_only(home: Path, numbers: Collection[int]) -> None:
    """Delete the keys of every other roster."""
    wanted = {file_of(home, number) for number in numbers}
    for file in (home / FOLDER).glob("*.key"):
        if file not in wanted:
            file.unlink(missing_ok=True)
