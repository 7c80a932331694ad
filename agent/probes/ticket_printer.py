"""How the ticket printer stands, by its own word where it gives one, else by what became of the last ticket."""

from __future__ import annotations

import os
import select
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from stat import S_ISREG
from typing import Final

from agent.actions import paper
from agent.domain.escpos_status import QUESTIONS, question, read_status
from agent.printing.port import Port
from agent.probes import usb
from agent.settings import PrinterSettings
from agent.settings_values import Address
from agent.store.database import Store

CONNECT_S: Final = 1.0
ANSWER_S: Final = 0.5
MOST_STRAY: Final = 4096
SLICE_S: Final = 0.05  # so soon a question gives way to a ticket

Send = Callable[[bytes], int | None]
Readings = dict[str, float | str]


def read(printer: PrinterSettings, port: Port, store: Store) -> Mapping[str, float | str] | None:
    """printer_online, and of one that answers printer_cover_open, _paper_out, _paper_low and _error, each 1 or 0.

    Of one that never answers printer_failed: whether the last ticket did not come out. None while a ticket is printed.
    """
    with port.asking() as free:
        found = asked(printer, port) if free else None
    if found is None or "printer_cover_open" in found or found.get("printer_online") == 0:
        return found
    state, fault = paper.printer_state(store)
    return {**found, "printer_failed": float(state == "down"), "said": fault}


def asked(printer: PrinterSettings, port: Port) -> Readings | None:
    """What the printer says, by its kind."""
    if printer.kind == "network" and printer.address is not None:
        return over_network(printer.address, port)
    if printer.kind == "file" and printer.path is not None:
        return through_file(Path(printer.path), port)
    return {"printer_online": float(printer.usb in usb.folders(usb.SYSFS))}


def over_network(address: Address, port: Port) -> Readings | None:
    """A printer with an address of its own."""
    try:
        with socket.create_connection((address.host, address.port), CONNECT_S) as line:
            return told(answers(line.fileno(), line.send, port))
    except OSError as fault:
        return {"printer_online": 0.0, "said": f"{address}: {fault.strerror or fault}"}


def through_file(path: Path, port: Port) -> Readings | None:
    """A printer that the kernel offers as a file; one that cannot be read from is only there or not."""
    try:
        if S_ISREG(path.stat().st_mode):
            return {"printer_online": 1.0}
        handle = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as fault:
        return {"printer_online": 0.0, "said": f"{path}: {fault.strerror}"}
    try:
        return told(answers(handle, lambda words: os.write(handle, words), port))
    except OSError as fault:
        return {"printer_online": 0.0, "said": f"{path}: {fault.strerror}"}
    finally:
        os.close(handle)


def told(found: Mapping[int, int] | None) -> Readings | None:
    """As readings; a printer that took the questions and said nothing is there."""
    return None if found is None else {"printer_online": 1.0, **read_status(found)}


def answers(handle: int, send: Send, port: Port) -> dict[int, int] | None:
    """Question → answer, as far as it answers; None where a ticket came in between.

    An answer that comes too late would be taken for that to the next question, so what lies there before the first is
    thrown away, and after one byte too many nothing of the round is believed.
    """
    found: dict[int, int] = {}
    drained(handle)
    for number in QUESTIONS:
        if drained(handle):
            return {}
        send(question(number))
        byte = answer(handle, port)
        if port.is_wanted:
            return None
        if byte is None:
            break
        found[number] = byte
    return {} if drained(handle) else found


def drained(handle: int) -> int:
    """How many bytes lay there that belong to no question of now; they are gone."""
    ready, gone = select.poll(), 0
    ready.register(handle, select.POLLIN)
    while gone < MOST_STRAY and ready.poll(0):
        stray = os.read(handle, MOST_STRAY)
        if not stray:
            break
        gone += len(stray)
    return gone


def answer(handle: int, port: Port) -> int | None:
    """One byte of the printer, or None after half a second, or as soon as a ticket waits."""
    ready = select.poll()
    ready.register(handle, select.POLLIN)
    for _ in range(round(ANSWER_S / SLICE_S)):
        if port.is_wanted:
            return None
        if ready.poll(SLICE_S * 1000):
            byte = os.read(handle, 1)
            return byte[0] if byte else None
    return None
