"""Central over HTTP(S): one kept connection, one request in flight, no promises about success."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any, Final

from agent.uplink.answers import Answer, Failure, LinkState, Reply
from agent.wire.batch import MEDIA_TYPE as BATCH
from agent.wire.receipt import MEDIA_TYPE as JOSE

if TYPE_CHECKING:
    import urllib3

CONNECT_S: Final = 20.0
READ_S: Final = 60.0
MOST_ANSWER: Final = 512 * 1024  # a portal's page must not fill the memory
NO_ROUTE: Final = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL)


class Central:
    """The calls of central's HTTP interface; each gives an Answer or a Failure and never raises."""

    def __init__(
        self, url: str, *, ca_file: str | None = None, connect_s: float = CONNECT_S, read_s: float = READ_S
    ) -> None:
        self.url = url.rstrip("/")
        self._ca_file = ca_file
        self._connect_s = connect_s
        self._read_s = read_s
        self._pool: urllib3.PoolManager | None = None

    def post_batch(self, file: bytes) -> Reply:
        """POST /v1/batches."""
        return self._call("POST", "/v1/batches", body=file, headers={"Content-Type": BATCH})

    def post_pairing(self, token: str) -> Reply:
        """POST /v1/kiosks."""
        return self._call("POST", "/v1/kiosks", body=token.encode("ascii"), headers={"Content-Type": JOSE})

    def get(self, path: str, heartbeat: str, etag: str = "") -> Reply:
        """GET a path with a fresh heartbeat as Authorization."""
        headers = {"Authorization": f"Bearer {heartbeat}"}
        if etag:
            headers["If-None-Match"] = etag
        return self._call("GET", path, headers=headers)

    def close(self) -> None:
        """Drop the kept connection."""
        if self._pool is not None:
            self._pool.clear()
            self._pool = None

    def _call(self, method: str, path: str, **options: Any) -> Reply:
        import urllib3

        try:
            response = self._connections().request(
                method, self.url + path, redirect=False, retries=False, preload_content=False, **options
            )
            body = response.read(MOST_ANSWER)
            whole = not response.read(1)
            response.release_conn()
        except (urllib3.exceptions.HTTPError, OSError) as fault:
            self.close()
            return Failure(link_state(fault), f"{type(fault).__name__}: {fault}"[:300])
        if not whole:
            self.close()
        return answer(response.status, response.headers, body)

    def _connections(self) -> urllib3.PoolManager:
        import urllib3

        if self._pool is None:
            timeout = urllib3.Timeout(connect=self._connect_s, read=self._read_s)
            self._pool = urllib3.PoolManager(num_pools=1, maxsize=1, timeout=timeout, ca_certs=self._ca_file)
        return self._pool


def answer(status: int, headers: Any, body: bytes) -> Answer:
    """An Answer of what urllib3 gave."""
    media = str(headers.get("Content-Type", "")).partition(";")[0].strip().lower()
    return Answer(status, media, body, seconds(headers.get("Retry-After")), str(headers.get("ETag", "")))


def seconds(retry_after: str | None) -> float | None:
    """Retry-After in seconds; None for a date, since clocks lie, and for what is no number."""
    text = (retry_after or "").strip()
    return min(float(text), 86_400.0) if text.isascii() and text.isdigit() else None


def link_state(fault: BaseException) -> LinkState:
    """The state of the link that an exception shows."""
    import ssl

    import urllib3.exceptions as trouble

    if isinstance(fault, trouble.NameResolutionError):
        return "no-dns"
    if isinstance(fault, trouble.SSLError | ssl.SSLError):
        text = str(fault)
        return "clock-wrong" if "not yet valid" in text or "expired" in text else "tls-untrusted"
    if cause_errno(fault) in NO_ROUTE:
        return "no-address"
    if isinstance(fault, trouble.IncompleteRead | trouble.DecodeError):
        return "proxy-truncates"
    return "server-down"


def cause_errno(fault: BaseException) -> int:
    """The errno at the root of an exception, 0 where there is none."""
    seen: BaseException | None = fault
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno:
            return seen.errno
        seen = seen.__cause__ or seen.__context__
    return 0
