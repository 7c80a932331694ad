"""How a connection to central comes about: proxy, TLS, and certificates when the clock is wrong."""

from __future__ import annotations

import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from agent.uplink.hearing import hear
from agent.uplink.tcp import Network, Patient, Place, connect, resolve
from agent.version import VERSION

if TYPE_CHECKING:
    from agent.clock import Clock
    from agent.domain.link import LinkState

NO_CHECK_TIME: Final = 0x200000  # X509_V_FLAG_NO_CHECK_TIME: chain and name as ever, dates not; ssl has no name for it
DATES: Final = (9, 10)  # X509_V_ERR_CERT_NOT_YET_VALID and …_CERT_HAS_EXPIRED
PORTS: Final = {"http": 80, "https": 443}
PROXY_DOWN: Final = 500
KNOWN_S: Final = 8.0  # a known address has so long to answer before the resolver is asked
REMEMBERED_MS: Final = 3_600_000

Patience = tuple[float, float, float]


class Dialer:
    """Connects to central; `state` is `clock-wrong` while its certificate fits by all but its dates."""

    def __init__(
        self, url: str, network: Network, clock: Clock, clock_believed: Callable[[], bool], patience: Patience
    ) -> None:
        self.url = urlsplit(url)
        self.network = network
        self.clock = clock
        self.clock_believed = clock_believed
        self.patience = patience
        self.state: LinkState = "good"
        self._contexts: dict[bool, ssl.SSLContext] = {}
        self._sessions: dict[ssl.SSLContext, ssl.SSLSession] = {}
        self._known: tuple[Place, int] | None = None

    @property
    def host(self) -> str:
        """Central's host name or address."""
        return self.url.hostname or ""

    @property
    def port(self) -> int:
        """Central's port."""
        return self.url.port or PORTS[self.url.scheme]

    def dial(self) -> Patient:
        """A line to central, with TLS if it is to be; raises OSError, ssl.SSLError or HTTPException."""
        if self.url.scheme == "http":
            return self.reach()
        if self.state == "clock-wrong" and not self.clock_believed():
            return self.dial_without_dates()
        try:
            line = self.secured(dates=True)
        except ssl.SSLCertVerificationError as fault:
            if fault.verify_code not in DATES or self.clock_believed():
                raise
            return self.dial_without_dates()
        self.state = "good"
        return line

    def dial_without_dates(self) -> Patient:
        """A line whose certificate is checked for chain and name; once its dates fit they count again."""
        line = self.secured(dates=False)
        self.state = "good" if dates_fit(line.raw, self.clock.wall_ms()) else "clock-wrong"
        return line

    def secured(self, *, dates: bool) -> Patient:
        """A line with TLS; raises ssl.SSLError."""
        rules = context(self._contexts, self.network.ca_file, dates=dates)
        with ExitStack() as undo:
            line = self.reach()
            undo.callback(line.close, at_once=True)
            line.secure(rules, self.host, self._sessions.get(rules))
            undo.pop_all()
        return line

    def reach(self) -> Patient:
        """A plain line to central, through the proxy where there is one."""
        proxy = urlsplit(self.network.proxy) if self.network.proxy else None
        host, port = (proxy.hostname or "", proxy.port or 3128) if proxy else (self.host, self.port)
        _, stall_s, answer_s = self.patience
        line = Patient(self.connected(host, port), self.clock, stall_s=stall_s, answer_s=answer_s)
        if proxy and self.url.scheme == "https":
            with ExitStack() as undo:
                undo.callback(line.close, at_once=True)
                self.tunnel(line)
                undo.pop_all()
        return line

    def connected(self, host: str, port: int) -> socket.socket:
        """A socket to where central was found last, else to where the resolver finds it; raises OSError.

        A question to the resolver is two more packets that a bad link may lose.
        """
        if self._known and self.clock.boot_ms() < self._known[1]:
            with suppress(OSError):
                return connect([self._known[0]], self.network, self.clock, KNOWN_S)
        self._known = None
        return connect(resolve(host, port, self.network), self.network, self.clock, self.patience[0])

    def tunnel(self, line: Patient) -> None:
        """Have the proxy connect us; raises ConnectionAbortedError where it refuses."""
        target = f"{bracketed(self.host)}:{self.port}"
        head = [f"CONNECT {target} HTTP/1.1", f"Host: {target}", *credentials(self.network.proxy)]
        line.sendall(text(head))
        response = hear(line, "CONNECT")
        if response.status >= PROXY_DOWN:
            raise OSError(f"the proxy answers {response.status}")
        if response.status != 200:
            raise ConnectionAbortedError(f"the proxy answers {response.status}")

    def request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        """A whole HTTP request in one piece: a header that travels alone costs a packet of its own."""
        usual = self.port == PORTS[self.url.scheme]
        host = bracketed(self.host) + ("" if usual else f":{self.port}")
        plain_proxy = self.network.proxy and self.url.scheme == "http"
        target = (f"http://{host}" if plain_proxy else "") + self.url.path + path
        head = [f"{method} {target} HTTP/1.1", f"Host: {host}", f"User-Agent: rekam/{VERSION}"]
        head += [f"{name}: {value}" for name, value in headers.items()]
        head += [f"Content-Length: {len(body)}"] if method == "POST" else []
        head += credentials(self.network.proxy) if plain_proxy else []
        return text(head) + body

    def remember(self, line: Patient) -> None:
        """Keep a TLS session, and the address where central was: what TLS has proved, and nothing else."""
        if not isinstance(line.raw, ssl.SSLSocket):
            return
        if line.raw.session is not None:
            self._sessions[line.raw.context] = line.raw.session
        if self._known is None:
            with suppress(OSError):
                self._known = (line.raw.family, line.raw.getpeername()), self.clock.boot_ms() + REMEMBERED_MS

    def forget(self) -> None:
        """What was known of the way led nowhere: ask the resolver again."""
        self._known = None


def context(made: dict[bool, ssl.SSLContext], ca_file: str, *, dates: bool) -> ssl.SSLContext:
    """The rules for certificates; made once and kept in `made`, for TLS sessions belong to one. Raises ssl.SSLError."""
    if dates not in made:
        try:
            fresh = ssl.create_default_context(cafile=ca_file or None)
        except (OSError, ValueError) as fault:
            raise ssl.SSLError(0, f"{ca_file!r} holds no certificate in PEM ({fault})") from fault
        fresh.minimum_version = ssl.TLSVersion.TLSv1_2
        if not dates:
            fresh.verify_flags |= NO_CHECK_TIME
        made[dates] = fresh
    return made[dates]


def credentials(proxy: str) -> list[str]:
    """The header with a proxy's credentials, if its address has any."""
    user = urlsplit(proxy)
    if user.username is None:
        return []
    pair = f"{unquote(user.username)}:{unquote(user.password or '')}"
    return ["Proxy-Authorization: Basic " + b64encode(pair.encode()).decode("ascii")]


def dates_fit(sock: Any, wall_ms: int) -> bool:
    """Whether the other side's certificate is valid at `wall_ms`."""
    found = sock.getpeercert() or {}
    try:
        first, last = (ssl.cert_time_to_seconds(found[name]) for name in ("notBefore", "notAfter"))
    except (KeyError, ValueError):
        return False
    return first * 1000 <= wall_ms <= last * 1000


def bracketed(host: str) -> str:
    """A host as it stands in a URL."""
    return f"[{host}]" if ":" in host else host


def text(head: list[str]) -> bytes:
    """The head of a request."""
    return "\r\n".join([*head, "", ""]).encode("latin-1")
