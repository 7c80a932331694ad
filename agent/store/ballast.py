"""A file of nothing, released when the disk is full, so that the last visits still commit."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

FILE: Final = "data/ballast"
SIZE: Final = 32 * 1024 * 1024
TIGHT: Final = 16 * 1024 * 1024  # less than this is left: time to drop it
ROOMY: Final = 512 * 1024 * 1024  # more than this is left: time to take it up again


def keep(home: Path, free: int) -> bool:
    """Take up or drop the ballast by the bytes that are free; whether it is there now."""
    file = home / FILE
    if file.exists() and free < TIGHT:
        release(home)
    elif not file.exists() and free > ROOMY:
        take_up(file)
    return file.exists()


def take_up(file: Path) -> None:
    """Reserve the blocks, not only the length."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
    try:
        os.posix_fallocate(handle, 0, SIZE)
    except OSError:
        file.unlink()
    finally:
        os.close(handle)


def release(home: Path) -> None:
    """Give the room back; never raises, for it runs when something has failed already."""
    with suppress(OSError):
        (home / FILE).unlink()
