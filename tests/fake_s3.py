"""A small S3 server: buckets in memory, signatures computed by its own reading of SigV4, faults on demand.

It shares no code with the client: its signature is made of the raw request as it came.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit

ACCESS, SECRET = "AKIATEST", "a/secret+of=tests"
PAGE = 3  # few, so that every test of a listing turns pages
SKEW_S = 900
FIELD = re.compile(r"Credential=([^,/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)")


class Bucket:
    """What lies in the bucket, and what goes wrong with it."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str]] = []
        self.unlisted: set[str] = set()
        self.faults: list[int | str] = []  # what the next requests meet: a status, "cut", "drop" or "deaf"
        self.now: float | None = None
        self.open = False  # presigned addresses: the signature is in the query, and not ours to check

    def fault(self) -> int | str | None:
        return self.faults.pop(0) if self.faults else None


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    bucket: Bucket

    def do_GET(self) -> None:
        self.serve()

    def do_PUT(self) -> None:
        self.serve()

    def do_DELETE(self) -> None:
        self.serve()

    def serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        self.bucket.asked.append((self.command, unquote(parts.path)))
        fault = self.bucket.fault()
        if fault == "drop":  # not even done
            self.close_connection = True
        elif isinstance(fault, int):
            self.answer(fault, error("SlowDown"))
        elif refusal := None if self.bucket.open else self.refusal(body):
            self.answer(403, error(refusal))
        else:
            self.do(
                unquote(parts.path).removeprefix("/bucket").removeprefix("/"), dict(parse_qsl(parts.query)), body, fault
            )

    def do(self, key: str, query: dict[str, str], body: bytes, fault: str | None) -> None:
        if self.command == "PUT":
            self.bucket.files[key] = body
            return self.answer(200, b"", fault)
        if self.command == "DELETE":
            self.bucket.files.pop(key, None)
            return self.answer(204, b"", fault)
        if not key:
            return self.answer(200, self.listing(query), fault)
        if key not in self.bucket.files:
            return self.answer(404, error("NoSuchKey"))
        return self.send_file(self.bucket.files[key], fault)

    def send_file(self, content: bytes, fault: str | None) -> None:
        found = re.fullmatch(r"bytes=0-(\d+)", self.headers.get("Range", ""))
        if found and not content:
            return self.answer(416, error("InvalidRange"))
        self.answer(206 if found else 200, content[: int(found[1]) + 1] if found else content, fault)
        return None

    def listing(self, query: dict[str, str]) -> bytes:
        after = query.get("continuation-token", "")
        known = sorted(key for key in self.bucket.files if key.startswith(query.get("prefix", "")) and key > after)
        page = [key for key in known[:PAGE] if key not in self.bucket.unlisted]
        more = len(known) > PAGE
        keys = "".join(f"<Contents><Key>{key}</Key></Contents>" for key in page)
        token = f"<NextContinuationToken>{known[PAGE - 1]}</NextContinuationToken>" if more else ""
        return (
            f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{keys}{token}</ListBucketResult>".encode()
        )

    def refusal(self, body: bytes) -> str:
        """The code by which the request is refused; empty when its signature is right."""
        found = FIELD.search(self.headers.get("Authorization", ""))
        if not found or found[1] != ACCESS:
            return "InvalidAccessKeyId"
        digest = self.headers["x-amz-content-sha256"]
        if digest not in (hashlib.sha256(body).hexdigest(), "UNSIGNED-PAYLOAD"):
            return "XAmzContentSHA256Mismatch"
        if self.bucket.now and abs(seconds_of(self.headers["x-amz-date"]) - self.bucket.now) > SKEW_S:
            return "RequestTimeTooSkewed"
        return "" if hmac.compare_digest(self.expected(found, digest), found[5]) else "SignatureDoesNotMatch"

    def expected(self, found: re.Match[str], digest: str) -> str:
        """The signature of the request as it came over the wire."""
        _, date, region, names, _ = found.groups()
        path, _, query = self.path.partition("?")
        pairs = sorted(parse_qsl(query, keep_blank_values=True))
        canonical_query = "&".join(f"{quote(name, safe='-._~')}={quote(value, safe='-._~')}" for name, value in pairs)
        fields = "".join(f"{name}:{' '.join((self.headers[name] or '').split())}\n" for name in names.split(";"))
        text = f"{self.command}\n{path}\n{canonical_query}\n{fields}\n{names}\n{digest}"
        scope = f"{date}/{region}/s3/aws4_request"
        to_sign = (
            f"AWS4-HMAC-SHA256\n{self.headers['x-amz-date']}\n{scope}\n{hashlib.sha256(text.encode()).hexdigest()}"
        )
        key = b"AWS4" + SECRET.encode()
        for word in (date, region, "s3", "aws4_request"):
            key = hmac.digest(key, word.encode(), "sha256")
        return hmac.digest(key, to_sign.encode(), "sha256").hex()

    def answer(self, status: int, body: bytes, fault: str | None = None) -> None:
        if fault == "deaf":  # done, and nobody hears of it
            self.close_connection = True
            return
        self.send_response_only(status)
        self.send_header("Date", formatdate(self.bucket.now, usegmt=True))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if fault == "cut" else body)
        self.close_connection = self.close_connection or fault == "cut"

    def log_message(self, *_words: object) -> None:
        """Silence."""


def error(code: str) -> bytes:
    return f"<?xml version='1.0'?><Error><Code>{code}</Code></Error>".encode()


def seconds_of(stamp: str) -> float:
    from datetime import UTC, datetime

    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()


@contextmanager
def serving() -> Iterator[tuple[str, Bucket]]:
    """A server on a free port of this machine: its address, and its bucket named `bucket`."""
    bucket = Bucket()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OfBucket", (Handler,), {"bucket": bucket}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", bucket
    finally:
        server.shutdown()
        server.server_close()
