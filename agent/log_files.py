"""What agent and kiosk say, also in a small file of each in run/, for the technician's page.

The journal keeps it longer, but the kiosk's sandbox may not read it.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

import msgspec

MOST_BYTES: Final = 200 * 1024  # of one file; there are two of each program
PROGRAMS: Final = ("agent", "kiosk")
LONGEST: Final = 4_000


class Entry(msgspec.Struct, frozen=True):
    """One message: wall clock in ms UTC, level, program, text."""

    t: int
    level: str
    program: str
    text: str


class JsonLines(logging.Formatter):
    """Each message as one line of JSON."""

    def __init__(self, program: str) -> None:
        super().__init__("%(name)s: %(message)s")
        self.program = program

    def format(self, record: logging.LogRecord) -> str:
        """The record, its traceback with it."""
        entry = Entry(int(record.created * 1000), record.levelname, self.program, super().format(record)[:LONGEST])
        return msgspec.json.encode(entry).decode()


def keep(home: Path, program: str) -> logging.Handler:
    """Begin to write the messages of this process; remove the handler to end."""
    handler = RotatingFileHandler(
        file_of(home, program), maxBytes=MOST_BYTES, backupCount=1, encoding="utf-8", delay=True
    )
    handler.setFormatter(JsonLines(program))
    logging.getLogger().addHandler(handler)
    return handler


def file_of(home: Path, program: str) -> Path:
    """Where a program's messages lie."""
    return home / "run" / f"{program}.log"


def entries(home: Path) -> list[Entry]:
    """All messages that are kept, the oldest first; a line that cannot be read is left out."""
    found: list[Entry] = []
    for program in PROGRAMS:
        newest = file_of(home, program)
        for file in (newest.with_suffix(".log.1"), newest):
            with suppress(OSError):
                found += filter(None, map(parsed, file.read_bytes()[-2 * MOST_BYTES :].splitlines()))
    return sorted(found, key=lambda entry: entry.t)


def parsed(line: bytes) -> Entry | None:
    """A line of such a file; None for what is none."""
    with suppress(msgspec.DecodeError):
        return msgspec.json.decode(line, type=Entry)
    return None
