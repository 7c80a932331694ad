"""Central's way to object storage: one kept connection of Python's own HTTP client."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from agent import objects
from agent.clock import Clock
from agent.errors import Unreachable
from agent.objects import Answered, Bucket, Given
from agent.settings_objects import BucketSettings

WAIT_S: Final = 30.0


class ObjectWire:
    """An Exchange; a connection that broke is made anew by the next request."""

    def __init__(self, server: str) -> None:
        self.server = urlsplit(server)
        self._line: http.client.HTTPConnection | None = None

    def exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes, most: int) -> Answered:
        """One request and its answer; raises Unreachable `objects-down` where there was none, or only half of one."""
        try:
            line = self.connected()
            line.request(method, target, body or None, {**headers, "Content-Length": str(len(body))})
            response = line.getresponse()
            content = response.read(most)
            if response.read(1):
                self.close()  # more than was asked for: the rest is not read
            return Answered(response.status, content, str(response.headers.get("Date", "")))
        except (OSError, http.client.HTTPException) as fault:
            self.close()
            raise Unreachable("objects-down", f"object storage cannot be reached ({fault})") from fault

    def connected(self) -> http.client.HTTPConnection:
        """The connection, made when it is first needed."""
        if self._line is None:
            host, port = self.server.hostname or "", self.server.port
            if self.server.scheme == "https":
                rules = ssl.create_default_context()
                self._line = http.client.HTTPSConnection(host, port, timeout=WAIT_S, context=rules)
            else:
                self._line = http.client.HTTPConnection(host, port, timeout=WAIT_S)
        return self._line

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None


@contextmanager
def opened(settings: BucketSettings, home: Path, clock: Clock) -> Iterator[Bucket | Given]:
    """Object storage as the settings say, and its connection until the end; raises SettingsError for a bad key file."""
    way = ObjectWire(settings.server)
    try:
        yield objects.opened(settings, home, way.exchange, clock)
    finally:
        way.close()
