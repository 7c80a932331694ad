"""`rekam kiosk`: the pages of one office, a web server for each listener in one process."""

from __future__ import annotations

import logging
import os
import select
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from agent import log_files, one_heap, systemd
from agent.actions import rosters, training
from agent.clock import SystemClock
from agent.errors import SettingsError
from agent.nudge import nudge
from agent.office import Office, load_office
from agent.store.database import Store
from agent.store.opening import open_store
from kiosk_ui import sockets, uploads, web_server
from kiosk_ui.app import create_app
from kiosk_ui.web_server import WebServer

THREADS: Final = {"citizen": 4, "staff": 6}
DRAIN_S: Final = 0.4  # a stop is answered within a second, requests in work included
TOKEN: Final = "api.token"  # noqa: S105 — the name of the file
SESSION_KEY: Final = "run/session.key"


def serve(config: Path, environ: Mapping[str, str] = os.environ) -> int:
    """Serve until SIGTERM or SIGINT, then 0; raises RekamError where it cannot start."""
    one_heap.share()
    stop = systemd.stop_signal()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue at a rush hour is no news
    office = load_office(config)
    log_files.keep(office.settings.home, "kiosk")
    store = open_store(office.settings.home, SystemClock())
    training.settle(store, office.settings)
    rosters.refuse_unfinished(store)  # their readers ended with the process before this one
    listening = sockets.listening(office.settings.web, environ, os.getpid())
    servers = start_all(store, office, listening, environ)
    sys.stdout.write(f"rekam kiosk: {' '.join(f'{name} {address(each)}' for name, each in listening.items())}\n")
    sys.stdout.flush()
    systemd.notify(systemd.READY, environ)
    one_heap.settle()
    watch(servers, stop, environ)
    systemd.notify(systemd.STOPPING, environ)
    ended = [web_server.end(server, DRAIN_S) for server in servers]
    if all(ended):
        store.close()
    return 0


def start_all(
    store: Store, office: Office, listening: Mapping[str, socket.socket], environ: Mapping[str, str]
) -> list[WebServer]:
    """A running server for each listener."""
    home = office.settings.home
    token = api_token(systemd.secret_file(TOKEN, home / TOKEN, environ))
    secret = session_key(home / SESSION_KEY)
    return [
        web_server.start(
            create_app(store, office, name, secret=secret, api_token=token, random_bytes=os.urandom, nudge=nudge),
            listening[name],
            THREADS[name],
            uploads.ROOMY if name == "staff" else web_server.NOWHERE,
        )
        for name in sockets.NAMES
    ]


def watch(servers: list[WebServer], stop: socket.socket, environ: Mapping[str, str]) -> None:
    """Wait for the end; meanwhile tell systemd as long as every server answers."""
    interval = systemd.watchdog_interval(environ, os.getpid())
    pause = interval.total_seconds() / 3 if interval else None
    while not select.select([stop], [], [], pause)[0]:
        if all(web_server.answers(server) for server in servers):
            systemd.notify(systemd.ALIVE, environ)


def address(listener: socket.socket) -> str:
    """The URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def api_token(file: Path) -> str:
    """The token of the local API; raises SettingsError `no-token`."""
    with suppress(OSError, UnicodeDecodeError):
        token = file.read_text("ascii").strip()
        if token:
            return token
    raise SettingsError("no-token", "cannot be read or is empty; put a long random word into it", file=str(file))


def session_key(file: Path) -> bytes:
    """The key that signs sessions, kept so that a restart of this service signs nobody out.

    Where it cannot be kept, it is good for this start only.
    """
    fresh = os.urandom(32)
    with suppress(OSError):
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(fresh)
    with suppress(OSError):
        kept = file.read_bytes()
        return kept if len(kept) == len(fresh) else fresh
    return fresh
