"""What systemd and a service say to each other; without systemd everything here does nothing."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from agent.errors import SettingsError

READY: Final = "READY=1"
ALIVE: Final = "WATCHDOG=1"
STOPPING: Final = "STOPPING=1"
FIRST_PASSED: Final = 3  # after stdin, stdout and stderr
_KEPT: Final[list[socket.socket]] = []  # the ends of what signals are heard by, open as long as the process lives
UNNAMED: Final = "unknown"  # systemd's own word for a socket without FileDescriptorName=


def stop_signal(*also: signal.Signals) -> socket.socket:
    """A socket that becomes readable at SIGTERM, SIGINT and `also`.

    By the wakeup descriptor: the kernel may hand a signal to any thread, as it does to a process that was stopped and
    goes on, and Python's own handler runs only once the main thread, which waits, does something.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, *also):
        signal.signal(number, lambda *_: None)
    _KEPT.extend((reader, writer))
    return reader


def notify(message: str, environ: Mapping[str, str]) -> bool:
    """Send READY=1, WATCHDOG=1, STATUS=… to systemd; whether it was sent. Never blocks and never raises."""
    address = notify_address(environ)
    if address is None:
        return False
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as out:
            out.sendto(message.encode(), address)
    except OSError:
        return False
    return True


def notify_address(environ: Mapping[str, str]) -> str | None:
    """The socket that waits for messages, a leading NUL for an abstract one; None without systemd."""
    name = environ.get("NOTIFY_SOCKET", "")
    if "\0" in name or not name.startswith(("/", "@")):
        return None
    return name.replace("@", "\0", 1) if name.startswith("@") else name


def watchdog_interval(environ: Mapping[str, str], pid: int | None = None) -> timedelta | None:
    """After how long without WATCHDOG=1 systemd restarts the service; None when nobody watches.

    Feed it after half of that. With `pid` only where that process is the one watched.
    """
    text = environ.get("WATCHDOG_USEC", "")
    if not is_number(text) or int(text) == 0:
        return None
    watched = environ.get("WATCHDOG_PID", "")
    if pid is not None and watched and watched != str(pid):
        return None
    return timedelta(microseconds=int(text))


def passed_names(environ: Mapping[str, str], pid: int) -> list[str]:
    """Names of the sockets handed to process `pid`, in the order of their descriptors."""
    count = environ.get("LISTEN_FDS", "")
    if environ.get("LISTEN_PID") != str(pid) or not is_number(count):
        return []
    text = environ.get("LISTEN_FDNAMES", "")
    names = text.split(":") if text else []
    return [*names, *[UNNAMED] * int(count)][: int(count)]


def passed_sockets(environ: Mapping[str, str], pid: int, first: int = FIRST_PASSED) -> dict[str, socket.socket]:
    """The listening sockets that systemd opened for this service, by FileDescriptorName=.

    Children do not inherit them. Raises SettingsError `two-sockets` when two have one name: one of
    them would accept connections that nobody answers.
    """
    names = passed_names(environ, pid)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise SettingsError(
            "two-sockets",
            f"systemd passes two sockets named {twice}; keep one ListenStream= and give each unit its own name",
            field="FileDescriptorName",
        )
    for descriptor in range(first, first + len(names)):
        os.set_inheritable(descriptor, False)
    return {name: socket.socket(fileno=first + at) for at, name in enumerate(names)}


def secret_file(name: str, plain: Path, environ: Mapping[str, str]) -> Path:
    """Where to read a secret: the credential `name` if systemd passed it (LoadCredential=), else `plain`."""
    folder = environ.get("CREDENTIALS_DIRECTORY")
    passed = Path(folder, name) if folder else None
    return passed if passed is not None and passed.is_file() else plain


def is_number(text: str) -> bool:
    """Whether it is a plain decimal, as systemd writes them."""
    return text.isascii() and text.isdigit()
