"""One waitress server for one listener: start it, ask whether it still answers, end it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from copy import copy
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from weakref import WeakSet

import msgspec

from kiosk_ui.bodies import Problem

if TYPE_CHECKING:
    from flask import Flask

MOST_BODY_BYTES: Final = 1024 * 1024  # the application refuses far less, with a problem document
MOST_HEADER_BYTES: Final = 32 * 1024
MOST_LARGE: Final = 2
NOWHERE: Final[Mapping[str, int]] = {}
SILENT_S: Final = 60  # a connection without a request is closed after this
PROXY: Final = "127.0.0.1"  # what ends TLS for the office's network is believed from this machine only
ANSWER_S: Final = 5.0
HANG_UP_S: Final = 0.1
REQUEST: Final = b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n"


class WebServer(NamedTuple):
    """A running server, its open connections and the thread of its loop."""

    waitress: Any
    connections: dict[int, Any]
    loop: threading.Thread


def start(app: Flask, listener: socket.socket, threads: int, roomy: Mapping[str, int] = NOWHERE) -> WebServer:
    """Answer requests on `listener` with `threads` threads of its own; one silent client stalls nobody.

    `roomy` says to which addresses more may be posted than MOST_BODY_BYTES, and how many bytes.
    """
    from waitress.server import create_server

    connections: dict[int, Any] = {}
    server: Any = create_server(
        app,
        map=connections,
        sockets=[listener],
        threads=threads,
        ident=None,
        max_request_body_size=MOST_BODY_BYTES,
        max_request_header_size=MOST_HEADER_BYTES,
        channel_timeout=SILENT_S,
        trusted_proxy=PROXY,
        trusted_proxy_headers={"x-forwarded-proto", "x-forwarded-for"},
        clear_untrusted_proxy_headers=True,
    )
    server.channel_class = telling_channels(server.channel_class)
    if roomy:
        server.channel_class = roomy_channels(server.channel_class, roomy)
    loop = threading.Thread(target=server.run, name="web", daemon=True)
    loop.start()
    return WebServer(server, connections, loop)


def telling_channels(usual: Any) -> Any:
    """Channels that tell what never reaches the application as the local API tells its own refusals: RFC 9457."""

    class Refusal(usual.error_task_class):  # type: ignore[misc]  # waitress has no types
        def execute(self) -> None:
            fault = self.request.error
            told = Problem(
                type="about:blank",
                title=fault.reason,
                status=fault.code,
                detail=fault.body,
                code="too-large" if fault.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else "bad-request",
                field=None,
            )
            body = msgspec.json.encode(told)
            self.status = f"{fault.code} {fault.reason}"
            self.response_headers.append(("Content-Type", "application/problem+json"))
            self.set_close_on_finish()
            self.content_length = len(body)
            self.write(body)

    class Channel(usual):  # type: ignore[misc]  # waitress has no types
        error_task_class = Refusal

    return Channel


def roomy_channels(usual: Any, roomy: Mapping[str, int]) -> Any:
    """Channels that take large bodies at some addresses, held in memory and never in a file on a disk.

    Only MOST_LARGE of them at once: anybody on the network can begin one before it is known who it is.
    """
    large: WeakSet[Any] = WeakSet()

    class Parser(usual.parser_class):  # type: ignore[misc]  # waitress has no types
        def parse_header(self, header_plus: bytes) -> None:
            method, _, rest = header_plus.partition(b" ")
            most = roomy.get(rest.partition(b" ")[0].decode("latin-1"), 0) if method == b"POST" else 0
            if most and len(large) < MOST_LARGE:
                large.add(self)
                room = copy(vars(self)["adj"])
                room.max_request_body_size = room.inbuf_overflow = most
                self.__dict__["adj"] = room
            super().parse_header(header_plus)

    class Channel(usual):  # type: ignore[misc]  # waitress has no types
        parser_class = Parser

    return Channel


def answers(server: WebServer) -> bool:
    """Whether a request through the server's own loop, threads and application is answered.

    The request comes by a pair of sockets, because a service without a network of its own cannot
    reach the address that systemd opened for it.
    """
    ours, theirs = socket.socketpair()
    with ours:
        ours.settimeout(ANSWER_S)
        server.waitress.trigger.pull_trigger(lambda: adopt(server, theirs))
        try:
            ours.sendall(REQUEST)
            return ours.recv(32).startswith((b"HTTP/1.0 200", b"HTTP/1.1 200"))
        except OSError:
            return False


def adopt(server: WebServer, connection: socket.socket) -> None:
    """Serve a connection that nobody accepted; runs in the server's loop."""
    waitress = server.waitress
    waitress.channel_class(waitress, connection, ("127.0.0.1", 0), waitress.adj, map=server.connections)


def end(server: WebServer, within_s: float) -> bool:
    """Let requests in work finish, then hang up; whether all did in time."""
    from waitress.wasyncore import close_all

    server.waitress.task_dispatcher.shutdown(cancel_pending=True, timeout=within_s)
    server.waitress.trigger.pull_trigger(lambda: close_all(server.connections))
    server.loop.join(HANG_UP_S)
    return not server.waitress.task_dispatcher.threads
