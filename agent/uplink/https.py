"""Central over HTTP(S): one kept connection, one request in flight, no promises about success."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec

from agent.clock import SystemClock
from agent.uplink.answers import MOST_ANSWER, Answer, Failure, Reply, Traffic
from agent.uplink.dialing import Dialer
from agent.uplink.hearing import hear
from agent.uplink.tcp import ANSWER_S, CONNECT_S, STALL_S, Network, Patient
from agent.wire.batch import MEDIA_TYPE as BATCH
from agent.wire.receipt import MEDIA_TYPE as JOSE

if TYPE_CHECKING:
    from agent.clock import Clock
    from agent.domain.link import LinkState

NO_ROUTE: Final = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL)
CLOCK: Final = SystemClock()
DIRECT: Final = Network()
GONE: Final = "closed"  # how the evidence begins when the other side had hung up


class Central:
    """The calls of central's HTTP interface; each gives an Answer or a Failure and never raises.

    `clock_believed()` says whether this machine's clock was found right: while it was not, a
    certificate is not refused for its dates alone.
    """

    def __init__(
        self,
        url: str,
        *,
        network: Network = DIRECT,
        clock: Clock = CLOCK,
        clock_believed: Callable[[], bool] = lambda: True,
        patience: tuple[float, float, float] = (CONNECT_S, STALL_S, ANSWER_S),
    ) -> None:
        self.url = url.rstrip("/")
        self.clock = clock
        self.dialer = Dialer(self.url, network, clock, clock_believed, patience)
        self._line: Patient | None = None
        self._counted = 0

    def post_batch(self, file: bytes) -> Reply:
        """POST /v1/batches."""
        return self.call("POST", "/v1/batches", file, {"Content-Type": BATCH})

    def post_pairing(self, token: str) -> Reply:
        """POST /v1/kiosks."""
        return self.call("POST", "/v1/kiosks", token.encode("ascii"), {"Content-Type": JOSE})

    def get(self, path: str, heartbeat: str) -> Reply:
        """GET a path with a fresh heartbeat as Authorization."""
        return self.call("GET", path, b"", {"Authorization": f"Bearer {heartbeat}"})

    def close(self, *, at_once: bool = False) -> None:
        """Drop the kept connection: while nothing is sent it would only cost a metered link its keepalives."""
        if at_once:
            self.dialer.forget()
        if self._line is not None:
            if not at_once:
                self.dialer.remember(self._line)
            self._line.close(at_once=at_once)
            self._line = None

    def call(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Any other request over the same connection."""
        reused = self._line is not None
        reply = self._exchange(method, path, body, headers)
        if reused and isinstance(reply, Failure) and reply.evidence.startswith(GONE):
            return self._exchange(method, path, body, headers)  # it was closed while idle; what is sent twice is one
        return reply

    def _exchange(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        asked = self.dialer.request(method, path, body, headers)
        try:
            line = self._connected()
            response = ask(line, asked, method)
            content, whole = read_body(response)
        except (OSError, http.client.HTTPException) as fault:
            traffic = self._traffic(len(asked))
            self.close(at_once=True)
            return Failure(link_state(fault), evidence(fault), traffic)
        traffic = self._traffic(len(asked))
        if response.will_close or not whole:
            self.close()
        return answer(response, content, self.dialer.state, traffic)

    def _connected(self) -> Patient:
        if self._line is None:
            self._counted = 0
            self._line = self.dialer.dial()
        self._line.begin()
        return self._line

    def _traffic(self, asked: int) -> Traffic:
        """What this exchange moved; the first of a connection pays for its set-up."""
        if self._line is None:
            return Traffic()
        moved, wire = self._line.moved(), self._line.info().wire
        cost, self._counted = max(0, wire - self._counted), wire
        return msgspec.structs.replace(moved, wire=cost, arrived=moved.acked >= asked)


def ask(line: Patient, asked: bytes, method: str) -> http.client.HTTPResponse:
    """Send a request and hear the head of its answer; raises OSError or HTTPException."""
    with suppress(BrokenPipeError, ConnectionResetError):  # refused before its end: the answer may lie here already
        line.sendall(asked)
    return hear(line, method)


def read_body(response: http.client.HTTPResponse) -> tuple[bytes, bool]:
    """The body up to a bound, and whether that was all; raises IncompleteRead where less came than was promised."""
    try:
        content = response.read(MOST_ANSWER)
        more = response.read(1)
    except ssl.SSLEOFError as fault:
        raise http.client.IncompleteRead(b"", response.length) from fault
    if not more and response.length:
        raise http.client.IncompleteRead(content, response.length)
    return content, not more


def answer(response: http.client.HTTPResponse, content: bytes, link: LinkState, traffic: Traffic) -> Answer:
    """An Answer of what http.client read."""
    media = str(response.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
    wait = seconds(response.headers.get("Retry-After"))
    date = str(response.headers.get("Date", ""))
    return Answer(response.status, media, content, wait, link, traffic, date)


def seconds(retry_after: str | None) -> float | None:
    """Retry-After in seconds; None for a date, since clocks lie, and for what is no number."""
    written = (retry_after or "").strip()
    return min(float(written), 86_400.0) if written.isascii() and written.isdigit() else None


def evidence(fault: OSError | http.client.HTTPException) -> str:
    """An exception in a technician's words."""
    name = GONE if isinstance(fault, http.client.RemoteDisconnected | ConnectionResetError) else type(fault).__name__
    return f"{name}: {fault}"[:300]


def link_state(fault: OSError | http.client.HTTPException) -> LinkState:
    """The state of the link that an exception shows."""
    if isinstance(fault, socket.gaierror):
        return "no-dns"
    if isinstance(fault, ssl.SSLEOFError):
        return "server-down"
    if isinstance(fault, ssl.SSLError):
        return "tls-untrusted"
    if isinstance(fault, ConnectionAbortedError):
        return "server-refuses"
    if isinstance(fault, http.client.IncompleteRead):
        return "proxy-truncates"
    if isinstance(fault, OSError) and fault.errno in NO_ROUTE:
        return "no-address"
    return "server-down"
