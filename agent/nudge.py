"""A one-byte nudge that wakes the agent: a ticket to print, a batch to send now."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

SOCKET: Final = "run/agent.sock"


@contextmanager
def short_path(home: Path) -> Iterator[str]:
    """The socket's path through a directory handle: a UNIX address has room for 107 bytes only."""
    folder = os.open((home / SOCKET).parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{Path(SOCKET).name}"
    finally:
        os.close(folder)


def nudge(home: Path) -> bool:
    """Wake the agent; whether anybody listened. Never blocks and never raises."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as out:
        try:
            with short_path(home) as address:
                out.sendto(b"!", address)
        except OSError:
            return False
    return True


def is_heard(home: Path) -> bool | None:
    """Whether an agent listens; None where this user may not ask it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as out:
        try:
            with short_path(home) as address:
                out.connect(address)
        except PermissionError:
            return None
        except OSError:
            return False
    return True


def listen(home: Path) -> socket.socket:
    """The socket that nudges come to; an old one of a killed agent is replaced."""
    file = home / SOCKET
    file.parent.mkdir(mode=0o770, exist_ok=True)
    with suppress(FileNotFoundError):
        file.unlink()
    heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    with short_path(home) as address:
        heard.bind(address)
    file.chmod(0o660)
    return heard


def drain(heard: socket.socket) -> bool:
    """Take all nudges that wait; whether there were any."""
    count = 0
    with suppress(BlockingIOError):
        while heard.recv(16):
            count += 1
    return count > 0
