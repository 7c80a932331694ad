"""Tells systemd that this receiver is ready and alive; without systemd it does nothing."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from typing import Final

READY: Final = "READY=1"
ALIVE: Final = "WATCHDOG=1"
STOPPING: Final = "STOPPING=1"


def notify(message: str, environ: Mapping[str, str]) -> None:
    """Send a message to the socket that systemd named, if it named one; never raises."""
    name = environ.get("NOTIFY_SOCKET", "")
    if not name.startswith(("/", "@")):
        return
    address = "\0" + name[1:] if name.startswith("@") else name
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as out:
            out.sendto(message.encode(), address)
    except OSError:
        return


def watchdog_s(environ: Mapping[str, str]) -> float | None:
    """How often systemd wants to hear ALIVE, halved to be early; None when nobody watches."""
    wanted = environ.get("WATCHDOG_USEC", "")
    mine = environ.get("WATCHDOG_PID", "") in ("", str(os.getpid()))
    return int(wanted) / 2_000_000 if mine and wanted.isdigit() and int(wanted) else None
