"""Rows as ESC/POS, by python-escpos; only the child process imports this."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from escpos.escpos import Escpos
from escpos.exceptions import DeviceNotFoundError, Error
from escpos.printer import File, Network, Usb

from agent.domain.ticket_text import COLUMNS, Row
from agent.errors import Unreachable
from agent.printing.job import PrintJob

CONNECT_S: Final = 4.0
ANSWER_S: Final = 1.5
LAST_ANSWER_S: Final = 6.0  # until the paper is through
QR_DOTS: Final = {58: 6, 80: 8}
LARGEST: Final = 8
NO_PAPER: Final = 0
GS_PAPER: Final = b"\x1dr\x01"  # queued behind what was sent before: its answer says that this was printed


def opened(job: PrintJob) -> Any:
    """The printer of a job, ready to be sent to; raises Unreachable."""
    if job.kind == "file" and not Path(job.path).exists():
        raise Unreachable("printer", f"there is no {job.path}; is it plugged in and on?")  # opening would make a file
    printer = named(job)
    try:
        printer.open()
    except (DeviceNotFoundError, OSError) as fault:
        raise Unreachable("printer", one_line(fault)) from fault
    return printer


def named(job: PrintJob) -> Escpos:
    """The printer of a job by its kind, not opened yet."""
    if job.kind == "network":
        return Network(job.host, port=job.port, timeout=CONNECT_S)
    if job.kind == "file":
        return File(job.path, auto_flush=False)
    vendor, _, product = job.usb.partition(":")
    return Usb(int(vendor, 16), int(product, 16), timeout=int(CONNECT_S * 1000))


def print_job(job: PrintJob, printer: Any) -> None:
    """Print the rows and make sure of it as far as the printer answers; raises Unreachable."""
    try:
        answers = check_before(job, printer)
        write_rows(printer, job.rows, job.width_mm)
        if answers:
            check_after(printer)
    except (OSError, Error) as fault:
        raise Unreachable("printer", one_line(fault)) from fault
    finally:
        printer.close()


def check_before(job: PrintJob, printer: Any) -> bool:
    """Whether this printer answers questions; raises Unreachable when it says that it has no paper."""
    if job.kind != "network":
        return False
    printer.device.settimeout(ANSWER_S)
    try:
        paper = printer.paper_status()
    except TimeoutError:
        return False  # many cheap ones never answer: then what was sent counts as printed
    finally:
        printer.device.settimeout(CONNECT_S)
    if paper == NO_PAPER:
        raise Unreachable("printer", "it says that it has no paper")
    return True


def check_after(printer: Any) -> None:
    """Wait until the printer is through; raises Unreachable when it falls silent."""
    printer.device.settimeout(LAST_ANSWER_S)
    try:
        answer = printer.query_status(GS_PAPER)
    except TimeoutError as fault:
        raise Unreachable("printer", "it stopped in the middle: paper, cover or jam") from fault
    if not answer:
        raise Unreachable("printer", "it hung up in the middle")


def write_rows(printer: Any, rows: Sequence[Row], width_mm: int) -> None:
    """Send rows, a bit of empty paper and the cut."""
    printer.hw("INIT")
    for row in rows:
        if row.style == "qr":
            printer.set(align="center")
            printer.qr(row.text, size=QR_DOTS[width_mm], native=False)
        else:
            printer.set(**look(row, width_mm))
            printer.textln(row.text)
    printer.set(align="left", normal_textsize=True, bold=False)
    printer.cut()


def look(row: Row, width_mm: int) -> dict[str, Any]:
    """How letters of a style look; a number is as large as its paper allows."""
    if row.style == "number":
        size = max(1, min(LARGEST, COLUMNS[width_mm] // max(1, len(row.text))))
        return {"align": "center", "bold": True, "custom_size": True, "width": size, "height": size}
    centred = row.style in ("title", "small")
    return {"align": "center" if centred else "left", "bold": row.style == "title", "normal_textsize": True}


def one_line(fault: Exception) -> str:
    """A fault in one line."""
    return " ".join(str(fault).split()) or type(fault).__name__
