"""`rekam kiosk`: two web servers in one process, one for each listener."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agent.clock import SystemClock
from agent.errors import SettingsError
from agent.nudge import nudge
from agent.office import load_office
from agent.store.opening import open_store
from kiosk_ui import sockets
from kiosk_ui.app import create_app

if TYPE_CHECKING:
    from flask import Flask

THREADS: Final = {"citizen": 4, "staff": 6}
DRAIN_S: Final = 0.6  # a stop is answered within a second, requests in work included
TOKEN: Final = "api.token"  # noqa: S105 — the name of the file
SESSION_KEY: Final = "run/session.key"


def serve(config: Path) -> int:
    """Serve until SIGTERM or SIGINT; the exit status. Raises RekamError where it cannot start."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    office = load_office(config)
    home = office.settings.home
    listening = sockets.listening(office.settings.web, os.environ, os.getpid())
    store = open_store(home, SystemClock())
    secret, token = session_key(home / SESSION_KEY), api_token(home / TOKEN)
    servers = []
    for name in sockets.NAMES:
        app = create_app(store, office, name, secret=secret, api_token=token, random_bytes=os.urandom, nudge=nudge)
        servers.append(start(app, listening[name], THREADS[name]))
    sys.stdout.write(f"rekam kiosk: {told(listening)}\n")
    sys.stdout.flush()
    stop.wait()
    for server in servers:
        end(server)
    store.close()
    return 0


def told(listening: dict[str, socket.socket]) -> str:
    """Where each listener is, for a person."""
    return " ".join(f"{name} {address(each)}" for name, each in listening.items())


def address(listener: socket.socket) -> str:
    """The URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def start(app: Flask, listener: socket.socket, threads: int) -> Any:
    """A web server of its own for one listener, already running."""
    from waitress.server import create_server

    server = create_server(
        app,
        sockets=[listener],
        threads=threads,
        ident=None,
        max_request_body_size=1024 * 1024,
        max_request_header_size=32 * 1024,
        channel_timeout=60,
        clear_untrusted_proxy_headers=True,
    )
    threading.Thread(target=server.run, name=app.name, daemon=True).start()
    return server


def end(server: Any) -> None:
    """Let requests in work finish, take no more."""
    server.task_dispatcher.shutdown(cancel_pending=True, timeout=DRAIN_S)


def api_token(file: Path) -> str:
    """The token of the local API; raises SettingsError `no-token-file`."""
    with suppress(OSError):
        token = file.read_text("ascii").strip()
        if token:
            return token
    raise SettingsError("no-token-file", "cannot be read or is empty; put a long random word into it", file=str(file))


def session_key(file: Path) -> bytes:
    """The key that signs sessions: kept beside the sockets, so that a restart signs nobody out.

    Where it cannot be kept, one for this start only.
    """
    fresh = os.urandom(32)
    with suppress(OSError):
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(fresh)
    with suppress(OSError):
        kept = file.read_bytes()
        return kept if len(kept) == len(fresh) else fresh
    return fresh
