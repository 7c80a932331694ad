"""What the agent hands to the child that prints, and how long that may take."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from agent.domain.ticket_text import COLUMNS, Row
from agent.settings import PrinterSettings

LONGEST_S: Final = 12.0  # a child that takes longer is ended: the printer is off, jammed or without paper
LONGEST_REASON: Final = 200

PrintRows = Callable[[Sequence[Row]], str]


class PrintJob(msgspec.Struct, frozen=True, kw_only=True):
    """Rows for one printer; `host`, `usb` or `path` by its kind."""

    kind: str
    rows: tuple[Row, ...]
    width_mm: int
    host: str = ""
    port: int = 0
    usb: str = ""
    path: str = ""


def job_for(printer: PrinterSettings, rows: Sequence[Row]) -> PrintJob:
    """The job of printing `rows` on the office's printer."""
    return PrintJob(
        kind=printer.kind,
        rows=tuple(rows),
        width_mm=printer.width_mm,
        host=printer.address.host if printer.address else "",
        port=printer.address.port if printer.address else 0,
        usb=printer.usb or "",
        path=printer.path or "",
    )


def columns_of(printer: PrinterSettings) -> int:
    """How many letters fit beside each other on the office's paper."""
    return COLUMNS[printer.width_mm]


def print_rows(printer: PrinterSettings, rows: Sequence[Row], longest_s: float = LONGEST_S) -> str:
    """Print rows in a child process; what went wrong in a few words, empty when it printed.

    A child, because a write to a printer without paper can hang for ever and only a process can
    be ended; and because its libraries need not stay in the agent's memory.
    """
    job = msgspec.json.encode(job_for(printer, rows))
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "agent.printing"],
            input=job, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=longest_s, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"no end after {longest_s:g} s"
    except OSError as fault:
        return f"cannot be started: {fault.strerror}"
    if ended.returncode == 0:
        return ""
    said = ended.stderr.decode("utf-8", "replace").strip().splitlines()
    return (said[-1] if said else f"ended with {ended.returncode}")[:LONGEST_REASON]
