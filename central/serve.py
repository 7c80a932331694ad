"""`rekam central serve`: one web server until SIGTERM, and proof to systemd that it still works."""

from __future__ import annotations

import http.client
import logging
import os
import select
import socket
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agent.clock import SystemClock
from agent.errors import RekamError
from agent.settings_values import Address
from agent.systemd import ALIVE, READY, STOPPING, notify, stop_signal, watchdog_interval
from central.http.app import build_app
from central.keys import WARN_DAYS, seal_days_left
from central.opening import Central, open_central
from central.settings import load_central

if TYPE_CHECKING:
    from flask import Flask, Response

PROXY: Final = "127.0.0.1"  # ends TLS on this machine, and says so; what comes from elsewhere is not believed
MOST_BODY: Final = 32 * 1024 * 1024  # up to here the answer to a batch that is too large is our own, with its reason
DRAIN_S: Final = 5.0
ASK_S: Final = 10.0
WAITING_CONNECTIONS: Final = 1024  # after an outage the whole country comes back at once

log = logging.getLogger("rekam.central")


class Pulse:
    """Counts finished requests: the work that feeds the watchdog."""

    def __init__(self) -> None:
        self.finished = 0

    def watch(self, app: Flask) -> None:
        """Count every request of this application that was answered."""

        @app.after_request
        def count(response: Response) -> Response:
            self.finished += 1
            return response


def serve(config: Path) -> int:
    """Serve until SIGTERM or SIGINT; the exit status. Raises RekamError where it cannot start."""
    stop = stop_signal()
    settings = load_central(config)
    central = open_central(settings, SystemClock(), credentials=os.environ.get("CREDENTIALS_DIRECTORY"))
    app, pulse = build_app(central), Pulse()
    pulse.watch(app)
    listener = listening(settings.server.listen)
    server = start(app, listener, settings.server.threads)
    warn_of_ending_keys(central)
    sys.stdout.write(f"rekam central: http://{settings.server.listen}/\n")
    sys.stdout.flush()
    notify(READY, os.environ)
    wait(stop, pulse, listener.getsockname()[:2])
    notify(STOPPING, os.environ)
    server.task_dispatcher.shutdown(cancel_pending=False, timeout=DRAIN_S)
    central.store.close()
    return 0


def listening(address: Address) -> socket.socket:
    """A listening socket; raises RekamError `cannot-listen`."""
    opened = socket.socket(socket.AF_INET6 if ":" in address.host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((address.host, address.port))
    except OSError as fault:
        opened.close()
        reason = f"cannot listen on {address} ({fault.strerror}); stop what uses it, or set server.listen"
        raise RekamError("cannot-listen", reason, field="server.listen") from fault
    opened.listen(WAITING_CONNECTIONS)
    return opened


def start(app: Flask, listener: socket.socket, threads: int) -> Any:
    """A web server on the socket, already running."""
    from waitress.server import create_server

    server = create_server(
        app,
        sockets=[listener],
        threads=threads,
        ident=None,
        backlog=WAITING_CONNECTIONS,
        connection_limit=WAITING_CONNECTIONS,
        max_request_body_size=MOST_BODY,
        max_request_header_size=32 * 1024,
        channel_timeout=120,
        trusted_proxy=PROXY,
        trusted_proxy_headers={"x-forwarded-proto"},
        clear_untrusted_proxy_headers=True,
    )
    threading.Thread(target=server.run, name="http", daemon=True).start()
    return server


def wait(stop: socket.socket, pulse: Pulse, address: tuple[str, int]) -> None:
    """Wait for the stop; meanwhile tell systemd of finished requests, and when idle ask one of ourselves."""
    watched, last = watchdog_interval(os.environ, os.getpid()), 0
    pause = watched.total_seconds() / 2 if watched else None
    while not select.select([stop], [], [], pause)[0]:
        if pulse.finished == last:
            ask(address)
        if pulse.finished != last:
            last = pulse.finished
            notify(ALIVE, os.environ)


def ask(address: tuple[str, int]) -> None:
    """One request to ourselves; a failure is only logged, systemd draws the conclusion."""
    with closing(http.client.HTTPConnection(*address, timeout=ASK_S)) as connection:
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException) as fault:
            log.warning("this receiver does not answer itself: %s", fault)


def warn_of_ending_keys(central: Central) -> None:
    """One line in the log when the sealing keys will soon be over."""
    days = seal_days_left(central.published.keys(), central.clock.wall_ms())
    if days < WARN_DAYS:
        log.warning("sealing keys end in %d days: run `rekam central keys renew` where the root key lies", days)
