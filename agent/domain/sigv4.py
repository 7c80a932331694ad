"""AWS Signature Version 4 for S3 and what speaks like it: the headers of one request. Pure.

Source: the AWS documentation "Authenticating Requests: Using the Authorization Header", whose four
worked examples are in tests/unit/test_sigv4.py.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote

import msgspec

ALGORITHM: Final = "AWS4-HMAC-SHA256"
NOTHING: Final = hashlib.sha256(b"").hexdigest()


class Credentials(msgspec.Struct, frozen=True):
    """An access key, its secret, and the session token where the key is a temporary one."""

    access_key: str
    secret_key: str
    token: str = ""


class Asked(msgspec.Struct, frozen=True):
    """A request before it is signed: path and query are not escaped yet; `digest` is SHA-256 of the body in hex."""

    method: str
    host: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = {}
    digest: str = NOTHING

    @property
    def target(self) -> str:
        """Path and query as they stand in the request line."""
        query = self.escaped_query()
        return escaped(self.path, "/") + (f"?{query}" if query else "")

    def escaped_query(self) -> str:
        """The query as it is signed: each name and value escaped, in order."""
        pairs = sorted((escaped(name), escaped(value)) for name, value in self.query)
        return "&".join(f"{name}={value}" for name, value in pairs)


def escaped(text: str, safe: str = "") -> str:
    """Percent-escaped as the standard asks: all but letters, digits and -._~."""
    return quote(text, safe=safe + "-._~")


def signed(asked: Asked, credentials: Credentials, region: str, at: str) -> dict[str, str]:
    """All headers of the request; `at` is its UTC time, YYYYMMDDTHHMMSSZ."""
    headers = dict(asked.headers) | {"x-amz-content-sha256": asked.digest, "x-amz-date": at}
    if credentials.token:
        headers["x-amz-security-token"] = credentials.token
    scope = f"{at[:8]}/{region}/s3/aws4_request"
    names, canonical = canonical_request(asked, headers)
    text = "\n".join((ALGORITHM, at, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    signature = hmac.new(signing_key(credentials.secret_key, scope), text.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = (
        f"{ALGORITHM} Credential={credentials.access_key}/{scope},SignedHeaders={names},Signature={signature}"
    )
    return headers


def canonical_request(asked: Asked, headers: Mapping[str, str]) -> tuple[str, str]:
    """The names of the signed headers, and the text whose digest is signed; every header is signed."""
    low = {name.lower(): " ".join(value.split()) for name, value in headers.items()} | {"host": asked.host}
    names = ";".join(sorted(low))
    lines = "".join(f"{name}:{low[name]}\n" for name in sorted(low))
    parts = (asked.method, escaped(asked.path, "/"), asked.escaped_query(), lines, names, asked.digest)
    return names, "\n".join(parts)


def signing_key(secret: str, scope: str) -> bytes:
    """The day's key for one region and service."""
    key = f"AWS4{secret}".encode()
    for word in scope.split("/"):
        key = hmac.new(key, word.encode(), hashlib.sha256).digest()
    return key
