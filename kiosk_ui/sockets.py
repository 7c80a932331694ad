"""The sockets to listen on: systemd's if it passes any, else those of the settings."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Final

from agent.errors import RekamError, SettingsError
from agent.settings import WebSettings
from agent.settings_values import Address
from agent.systemd import passed_sockets
from kiosk_ui.kiosk import Listener

NAMES: Final[tuple[Listener, ...]] = ("citizen", "staff")
WAITING_CONNECTIONS: Final = 64


def listening(web: WebSettings, environ: Mapping[str, str], pid: int) -> dict[str, socket.socket]:
    """Listening sockets by name; raises SettingsError `sockets` or `two-sockets`, RekamError `cannot-listen`."""
    passed = passed_sockets(environ, pid)
    if passed and passed.keys() != set(NAMES):
        reason = f"systemd must pass two sockets named citizen and staff, and not {', '.join(passed)}"
        raise SettingsError("sockets", reason, field="FileDescriptorName")
    return passed or {name: bound(getattr(web, name), f"web.{name}") for name in NAMES}


def bound(address: Address, field: str) -> socket.socket:
    """A new listening socket at `address`."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((address.host, address.port))
    except OSError as fault:
        opened.close()
        reason = f"cannot listen on {address} ({fault.strerror}); stop what uses it, or set {field}"
        raise RekamError("cannot-listen", reason, field=field) from fault
    opened.listen(WAITING_CONNECTIONS)
    return opened
