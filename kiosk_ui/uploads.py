"""Files that officers bring: larger than any form, kept in memory only, taken in by a process of their own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final

from flask import Flask, Request, request, session

from agent import vault

MOST_FILE_BYTES: Final = 33 * 1024 * 1024
MOST_TRIPS_BYTES: Final = 128 * 1024  # the form around it, and a little of what is too long to be read
BLOCK_BYTES: Final = 256 * 1024
ROOMY: Final = {"/sasaran": MOST_FILE_BYTES}  # where more is posted than the server takes elsewhere
TAKES_FILES: Final = {"rosters.take": MOST_FILE_BYTES, "outreach_told.take": MOST_TRIPS_BYTES}


class OfficeRequest(Request):
    """A request whose files never touch a disk."""

    def _get_file_stream(self, *_about: Any, **_more: Any) -> IO[bytes]:
        return tempfile.TemporaryFile(dir=ram())


def allow(app: Flask) -> None:
    """Take files where a page asks for one; before anything reads a form."""
    app.request_class = OfficeRequest
    app.before_request(take_larger)


def take_larger() -> None:
    """Only who is signed in may send more than a form."""
    if request.endpoint in TAKES_FILES and "officer" in session:
        request.max_content_length = TAKES_FILES[request.endpoint]
        request.max_form_memory_size = BLOCK_BYTES  # the parser holds a block of the file as if it were a field


def ram() -> str | None:
    """A folder on a RAM disk; None, the system's own, where there is none."""
    return next((name for name in vault.RAM_DISKS if Path(name).is_dir() and vault.on_ram(Path(name))), None)


def put_aside(file: IO[bytes], home: Path, roster: int) -> Path:
    """The file in the folder of readable copies: it goes as soon as its roster is no longer being taken in."""
    folder, name = vault.private_folder(home) or ram(), f"roster-{roster}~"
    with tempfile.NamedTemporaryFile(dir=folder, prefix=name, delete=False) as kept:
        while block := file.read(65_536):
            kept.write(block)
    return Path(kept.name)


def start(*words: str, ended: Callable[[], object]) -> None:
    """Run a subcommand of `rekam` beside this process and let it go; what it found is in the database.

    `ended` is called on a thread when it is over, however that came.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "agent.cli", *words],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    threading.Thread(target=lambda: (child.wait(), ended()), daemon=True).start()
