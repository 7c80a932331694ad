"""One TCP connection over which waiting ends only when nothing moves, however slow the link is."""

from __future__ import annotations

import os
import select
import socket
import ssl
import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from agent.uplink.answers import MOST_HEARD, Traffic

if TYPE_CHECKING:
    from agent.clock import Clock

Result = TypeVar("Result")
Place = tuple[socket.AddressFamily, Any]

CONNECT_S: Final = 20.0
STALL_S: Final = 16.0  # nothing acknowledged for so long: the flow is dead
ANSWER_S: Final = 60.0  # everything is acknowledged: now central may think
SLOWEST: Final = 512  # bytes/s: who answers more slowly than the worst link carries holds us up on purpose
USER_TIMEOUT_MS: Final = 15_000
KEEPALIVE: Final = ((socket.TCP_KEEPIDLE, 10), (socket.TCP_KEEPINTVL, 5), (socket.TCP_KEEPCNT, 3))
TICK_MS: Final = 250
PIECE: Final = 16 * 1024
HEADERS: Final = 52  # IPv4, TCP and its timestamps, of each segment
_INFO_SIZE: Final = 256
_AT: Final = {
    "unacked": ("I", 24),
    "rtt": ("I", 148),
    "acked": ("Q", 120),
    "received": ("Q", 128),
    "notsent": ("I", 144),
}
_COUNTERS: Final = {
    "segments_out": ("I", 136),
    "segments_in": ("I", 140),
    "sent": ("Q", 200),
    "data_out": ("I", 156),
    "repeats": ("I", 100),
}


class Network(msgspec.Struct, frozen=True):
    """How this office reaches the net: a proxy with its credentials, a CA file, one interface, one family.

    `family` is 0 for both, 4 or 6.
    """

    proxy: str = ""
    ca_file: str = ""
    interface: str = ""
    family: int = 0


class TcpInfo(msgspec.Struct, frozen=True):
    """What the kernel knows of a connection: bytes since its start, what waits, the shortest round trip, IP bytes.

    `segments` with data were sent, `again` of them as repeats.
    """

    acked: int = 0
    received: int = 0
    waiting: int = 0
    rtt_s: float = 0.0
    wire: int = 0
    segments: int = 0
    again: int = 0


def read_info(raw: socket.socket) -> TcpInfo:
    """TCP_INFO of a socket; all zero where it is closed or has none."""
    try:
        block = raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_SIZE).ljust(_INFO_SIZE, b"\0")
    except OSError:
        return TcpInfo()
    found = {name: struct.unpack_from("=" + kind, block, at)[0] for name, (kind, at) in (_AT | _COUNTERS).items()}
    wire = found["sent"] + found["received"] + HEADERS * (found["segments_out"] + found["segments_in"])
    waiting, rtt_s = found["unacked"] + found["notsent"], found["rtt"] / 1_000_000
    return TcpInfo(found["acked"], found["received"], waiting, rtt_s, wire, found["data_out"], found["repeats"])


def resolve(host: str, port: int, network: Network) -> list[Place]:
    """Family and address of each place where a host may be found; raises socket.gaierror."""
    family = {4: socket.AF_INET, 6: socket.AF_INET6}.get(network.family, socket.AF_UNSPEC)
    return [(found[0], found[4]) for found in socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)]


def connect(found: Sequence[Place], network: Network, clock: Clock, seconds: float) -> socket.socket:
    """A connected, non-blocking socket; raises OSError.

    All places are tried within `seconds`, IPv6 and IPv4 in the resolver's order.
    """
    until = clock.boot_ms() + seconds * 1000
    failure: OSError = OSError("no address")
    for tried, (kind, address) in enumerate(found):
        share = (until - clock.boot_ms()) / (len(found) - tried)
        raw = socket.socket(kind, socket.SOCK_STREAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
        try:
            set_options(raw, network.interface)
            finish_connecting(raw, address, share)
        except OSError as fault:
            raw.close()
            failure = fault
        else:
            return raw
    raise failure


def set_options(raw: socket.socket, interface: str) -> None:
    """Notice a dead flow by ourselves, and leave by one interface if so set."""
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # the tail of a batch does not wait for a round trip
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, USER_TIMEOUT_MS)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in KEEPALIVE:
        raw.setsockopt(socket.IPPROTO_TCP, option, value)
    if interface:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode() + b"\0")


def finish_connecting(raw: socket.socket, address: Any, wait_ms: float) -> None:
    """Connect within `wait_ms`; raises OSError."""
    with suppress(BlockingIOError):
        raw.connect(address)
    ready = select.poll()
    ready.register(raw, select.POLLOUT)
    if not ready.poll(max(0, wait_ms)):
        raise TimeoutError("no answer to a connection")
    if code := raw.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(code, os.strerror(code))


class Patient:
    """A connected socket; `send` and `receive` fail with TimeoutError when nothing moves any more.

    An answer that drips is not waited for either: once all is acknowledged, it has `answer_s` and
    `stall_s` together and a second for each 512 bytes of it. `in_all_s` bounds everything, from here.
    """

    def __init__(
        self,
        raw: socket.socket,
        clock: Clock,
        *,
        stall_s: float = STALL_S,
        answer_s: float = ANSWER_S,
        in_all_s: float | None = None,
    ) -> None:
        self.raw = raw
        self.clock = clock
        self.stall_s = stall_s
        self.answer_s = answer_s
        self.in_all_s = in_all_s
        self._begun_ms = self._moved_ms = self._asked_ms = clock.boot_ms()
        self._progress = (0, 0)
        self._before = TcpInfo()

    def secure(self, context: ssl.SSLContext, host: str, session: ssl.SSLSession | None) -> None:
        """TLS from here on; raises ssl.SSLError."""
        sock = context.wrap_socket(
            self.raw, server_hostname=host, do_handshake_on_connect=False, session=session, suppress_ragged_eofs=False
        )
        self.raw = sock
        self.begin()
        self.patiently(sock.do_handshake)

    def info(self) -> TcpInfo:
        """What the kernel knows of the connection now."""
        return read_info(self.raw)

    def begin(self) -> None:
        """A new exchange: patience and measures start anew."""
        self._begun_ms = self._moved_ms = self._asked_ms = self.clock.boot_ms()
        self._before = self.info()

    def moved(self) -> Traffic:
        """What was acknowledged since `begin`, how long it took, the shortest round trip."""
        info, before = self.info(), self._before
        return Traffic(
            acked=max(0, info.acked - before.acked),
            seconds=(self.clock.boot_ms() - self._begun_ms) / 1000,
            rtt_s=info.rtt_s,
            segments=max(0, info.segments - before.segments),
            again=max(0, info.again - before.again),
        )

    def sendall(self, content: bytes) -> None:
        """Hand all bytes to the kernel."""
        rest = memoryview(content)
        while rest:
            rest = rest[self.patiently(partial(self.raw.send, rest[:PIECE]), select.POLLOUT) :]

    def receive_into(self, buffer: bytearray | memoryview) -> int:
        """Some bytes of the other side; 0 at its end."""
        return self.patiently(partial(self.raw.recv_into, buffer), select.POLLIN)

    def patiently(self, call: Callable[[], Result], events: int = select.POLLIN) -> Result:
        """Repeat a call that would block until it does not; raises TimeoutError when nothing moves."""
        while True:
            try:
                return call()
            except ssl.SSLWantReadError:
                self.wait(select.POLLIN)
            except ssl.SSLWantWriteError:
                self.wait(select.POLLOUT)
            except BlockingIOError:
                self.wait(events)

    def wait(self, events: int) -> None:
        """Until something happens or a tick is over; raises TimeoutError when the patience is at its end."""
        ready = select.poll()
        ready.register(self.raw, events)
        ready.poll(TICK_MS)
        now, info = self.clock.boot_ms(), self.info()
        progress = (info.acked, 0 if info.waiting else info.received)  # who talks but takes nothing moves nothing
        if progress != self._progress:
            self._progress, self._moved_ms = progress, now
        patience = self.stall_s if info.waiting else self.answer_s
        if now - self._moved_ms > patience * 1000:
            what = f"{info.waiting} segments and bytes not acknowledged" if info.waiting else "no answer"
            raise TimeoutError(f"{what} for {patience:.0f} s")
        self.bound(now, info)

    def bound(self, now_ms: int, info: TcpInfo) -> None:
        """Raises TimeoutError when an answer takes longer than any link needs for it."""
        if info.waiting and self.in_all_s is None:
            self._asked_ms = now_ms
        heard = min(max(0, info.received - self._before.received), MOST_HEARD)
        most_s = self.stall_s + self.answer_s + heard / SLOWEST if self.in_all_s is None else self.in_all_s
        if now_ms - self._asked_ms > most_s * 1000:
            raise TimeoutError(f"no whole answer within {most_s:.0f} s, {heard} bytes of it")

    def close(self, *, at_once: bool = False) -> None:
        """Hang up; `at_once` throws away what the kernel would go on repeating."""
        if at_once:
            with suppress(OSError):
                self.raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.raw.close()
