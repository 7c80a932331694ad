"""A bucket of S3-compatible object storage, or URLs that somebody presigned, as a carrier: whole files by name.

The bytes go by an `Exchange`, so that the office's goes through its proxy and patience, and a test's
through nothing. What a server answers is believed only as far as it delays: files are signed themselves.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from html import unescape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import msgspec

from agent.clock import utc
from agent.domain.sigv4 import Asked, Credentials, signed
from agent.errors import SettingsError, Unreachable
from agent.settings_objects import ObjectStorage

if TYPE_CHECKING:
    from pathlib import Path

    from agent.clock import Clock
    from agent.settings_objects import BucketSettings

TRIES: Final = 3  # of one request, one after the other; the next round tries again anyway
PAGE: Final = 500
MOST_PAGES: Final = 1000
PORTS: Final = {"http": 80, "https": 443}
OURS: Final = re.compile(r"[0-9a-f]{64}\.(rekam|receipt|pair)\Z|(keys|settings)\.jws\Z")
_KEY: Final = re.compile(r"<Key>([^<]{1,1024})</Key>")
_NEXT: Final = re.compile(r"<NextContinuationToken>([^<]{1,4096})</NextContinuationToken>")


class Answered(msgspec.Struct, frozen=True):
    """What object storage answered: status, body, and its Date header."""

    status: int
    body: bytes = b""
    date: str = ""


# Method, target, headers and body of a request → its answer, at most so many bytes of it; raises Unreachable.
Exchange = Callable[[str, str, Mapping[str, str], bytes, int], Answered]


class Place(msgspec.Struct, frozen=True):
    """Where files lie: the server's address, the bucket, the beginning of every name, the region of the key."""

    endpoint: str
    bucket: str
    prefix: str = ""
    region: str = "us-east-1"

    @property
    def host(self) -> str:
        """The server as the Host header names it."""
        return host_of(self.endpoint)

    def path(self, name: str) -> str:
        """The path of a file; of the bucket itself for no name."""
        base = f"{urlsplit(self.endpoint).path}/{self.bucket}"
        return f"{base}/{self.prefix}{name}" if name else base


class Bucket:
    """Files in a bucket, by signed requests. All calls raise Unreachable `objects-down` or `objects-refused`."""

    def __init__(self, place: Place, credentials: Credentials, exchange: Exchange, clock: Clock) -> None:
        self.place = place
        self.credentials = credentials
        self.exchange = exchange
        self.clock = clock
        self._ahead_ms = 0

    def names(self, ending: str) -> list[str]:
        """Our files with that ending, sorted."""
        return sorted(name for page in self.pages() for name in page if OURS.match(name) and name.endswith(ending))

    def pages(self) -> Iterator[list[str]]:
        """The names below the prefix, page by page."""
        more: list[tuple[str, str]] = []
        for _ in range(MOST_PAGES):
            query = [("list-type", "2"), ("prefix", self.place.prefix), ("max-keys", str(PAGE)), *more]
            text = self.ask("GET", "", query=query, good=(200,)).body.decode("utf-8", "replace")
            yield [unescape(key).removeprefix(self.place.prefix) for key in _KEY.findall(text)]
            found = _NEXT.search(text)
            if found is None:
                return
            more = [("continuation-token", unescape(found[1]))]

    def read(self, name: str, most: int) -> bytes | None:
        """The file, at most `most` bytes of it; None where there is none."""
        headers = {"Range": f"bytes=0-{most - 1}"}
        answered = self.ask("GET", name, headers=headers, good=(200, 206, 404, 416), most=most)
        return None if answered.status == 404 else b"" if answered.status == 416 else answered.body[:most]

    def put(self, name: str, content: bytes) -> None:
        """Write a file; the server checks the signed digest, so it is whole or not there."""
        self.ask("PUT", name, body=content, good=(200, 201, 204))

    def delete(self, name: str) -> None:
        """Remove a file, if it is there."""
        self.ask("DELETE", name, good=(200, 204, 404))

    def ask(
        self,
        method: str,
        name: str,
        *,
        good: Sequence[int],
        query: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        most: int = 1024 * 1024,
    ) -> Answered:
        """One request, tried again where the server fails or calls our clock wrong; an answer with a `good` status."""
        digest = hashlib.sha256(body).hexdigest()
        asked = Asked(method, self.place.host, self.place.path(name), query, headers or {}, digest)

        def once() -> Answered:
            at = utc(self.clock.wall_ms() + self._ahead_ms).strftime("%Y%m%dT%H%M%SZ")
            fields = signed(asked, self.credentials, self.place.region, at)
            answered = self.exchange(method, asked.target, fields, body, most)
            if answered.status == 403 and b"RequestTimeTooSkewed" in answered.body:
                self._ahead_ms = ahead_of(answered.date, self.clock.wall_ms())
                return Answered(503)
            return answered

        return insisted(once, good)


class Given:
    """Files under URLs that somebody made and signed; `{name}` stands for the file's name. Nothing can be listed."""

    def __init__(self, write_url: str, read_url: str, exchange: Exchange) -> None:
        self.write_url = write_url
        self.read_url = read_url
        self.exchange = exchange

    def names(self, ending: str) -> list[str]:  # noqa: ARG002 — nothing can be listed
        """Unknown."""
        return []

    def read(self, name: str, most: int) -> bytes | None:
        """The file, at most `most` bytes of it; None where there is none."""
        answered = insisted(lambda: self.send("GET", self.read_url, name, b"", most), (200, 206, 404))
        return None if answered.status == 404 else answered.body[:most]

    def put(self, name: str, content: bytes) -> None:
        """Write a file."""
        insisted(lambda: self.send("PUT", self.write_url, name, content, 64 * 1024), (200, 201, 204))

    def delete(self, name: str) -> None:
        """Whoever owns the URLs removes files."""

    def send(self, method: str, url: str, name: str, body: bytes, most: int) -> Answered:
        """One request."""
        parts = urlsplit(url.replace("{name}", name))
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        return self.exchange(method, target, {}, body, most)


def opened(settings: BucketSettings, home: Path, exchange: Exchange, clock: Clock) -> Bucket | Given:
    """The carrier that the settings describe; raises SettingsError where its key cannot be read."""
    if isinstance(settings, ObjectStorage) and settings.write_url:
        return Given(settings.write_url, settings.read_url, exchange)
    place = Place(settings.endpoint, settings.bucket, settings.prefix, settings.region)
    return Bucket(place, read_credentials(home / settings.credentials), exchange, clock)


def read_credentials(file: Path) -> Credentials:
    """The key in its file: access key and secret, a line each, perhaps a session token; raises SettingsError."""
    try:
        words = file.read_text("ascii").split()
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingsError("settings", "cannot be read; it holds access key and secret", file=str(file)) from fault
    if len(words) not in (2, 3):
        raise SettingsError("settings", "must hold the access key on one line, the secret on the next", file=str(file))
    return Credentials(*words)


def insisted(once: Callable[[], Answered], good: Sequence[int]) -> Answered:
    """The first answer with a `good` status in a few tries; raises Unreachable `objects-down` or `objects-refused`."""
    fault = Unreachable("objects-down", "object storage did not answer; it is tried again by itself")
    for _ in range(TRIES):
        try:
            answered = once()
        except Unreachable as silence:
            fault = silence
            continue
        if answered.status in good:
            return answered
        if answered.status < 500 and answered.status != 429:
            said = code_in(answered.body) or str(answered.status)
            raise Unreachable("objects-refused", f"object storage refuses ({said}): check bucket, prefix and key")
        fault = Unreachable("objects-down", f"object storage answers {answered.status}; it is tried again by itself")
    raise fault


def code_in(body: bytes) -> str:
    """The code of an S3 error document."""
    found = re.search(rb"<Code>([A-Za-z]{1,64})</Code>", body[:4096])
    return found[1].decode("ascii") if found else ""


def ahead_of(date: str, wall_ms: int) -> int:
    """How far the server's clock is ahead of ours, in ms, by its Date header; 0 for a header that is none."""
    try:
        return int(parsedate_to_datetime(date).timestamp() * 1000) - wall_ms
    except (TypeError, ValueError):
        return 0


def host_of(url: str) -> str:
    """Host and port as a Host header has them: the port only where it is not the usual one."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    port = parts.port or PORTS.get(parts.scheme, 443)
    return host if port == PORTS.get(parts.scheme) else f"{host}:{port}"
