"""The batch file: a signed slice of a stream.

A compact JWS on a line of its own, then one zstd frame of lines, then, if any line has a
sealed subject, one zstd frame of {n, kid, sealed}. No lines at all: a heartbeat.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import msgspec

from agent.errors import BadData, Unsupported
from agent.wire import base64url, frames, jose, strict_json
from agent.wire.line import KB, STREAMS, Count, Number, Whole, chain_next, chain_start, ledger_thumbprint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from joserfc.jwk import OKPKey

TYP: Final = "rekam-batch+jws"
FRAME: Final = "ndjson+zstd"
MEDIA_TYPE: Final = "application/vnd.rekam.batch"
MAX_JWS: Final = 8 * KB
MAX_BEARER: Final = 4 * KB


class Piece(msgspec.Struct, frozen=True):
    """Size in bytes and SHA-256 of a frame as it stands in the file."""

    size: Count
    sha256: str


class Seen(msgspec.Struct, frozen=True, order=True):
    """Epoch and sequence of a receipt; the higher pair is the newer one."""

    epoch: Count = 0
    seq: Count = 0


class Status(msgspec.Struct, frozen=True):
    """How the kiosk is; only heartbeats carry it. `link` is a link state of docs/wire.md."""

    backlog: dict[str, Whole]
    oldest_unsent_s: Whole = 0
    disk_free: Whole = 0
    clock_offset_ms: Whole | None = None
    link: str = "good"
    stock: dict[str, Whole] = {}
    warnings: list[str] = []


class Claims(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the kiosk signs of a batch; see docs/wire.md for each claim."""

    v: int
    frame: str
    ledger: str
    stream: str
    first: Number
    last: Count
    before: str
    after: str
    raw: Count
    lines: Piece
    floor: Number
    seen: Seen
    s: Count
    software: str
    sealed: Piece | None = None
    status: Status | None = None

    @property
    def count(self) -> int:
        """How many lines the batch has; 0 for a heartbeat."""
        return self.last - self.first + 1


class Sealed(msgspec.Struct, frozen=True):
    """A subject sealed for central, lying beside line `n`; `kid` names the sealing key."""

    n: Number
    kid: str
    sealed: str


class Batch(msgspec.Struct, frozen=True):
    """A batch that was read and whose signature, sizes, hashes and chain hold."""

    token: str
    claims: Claims
    thumbprint: str
    frame: bytes
    lines: list[bytes]
    sealed: list[Sealed]

    def chains(self) -> list[bytes]:
        """The chain after each line, 32 bytes each."""
        chain, after = base64url.decode(self.claims.before, field="before"), []
        for line in self.lines:
            chain = chain_next(chain, line)
            after.append(chain)
        return after


def piece(frame: bytes) -> Piece:
    """Size and hash of a frame."""
    return Piece(len(frame), base64url.encode(hashlib.sha256(frame).digest()))


def build(
    key: OKPKey, *, lines: Sequence[bytes], sealed: Sequence[Sealed] = (), chain_before: bytes, **claims: Any
) -> bytes:
    """The bytes of a batch file of `lines`; `claims` are ledger, stream, first, floor, seen, s, software, status.

    Raises BadData `too-large` where no receiver could read it: a JWS above 8 kB, lines above 8 MB.
    """
    chain = chain_before
    for line in lines:
        chain = chain_next(chain, line)
    packed, raw = frames.pack(lines) if lines else (b"", 0)
    side = frames.pack(map(msgspec.json.encode, sealed))[0] if sealed else b""
    body = Claims(
        v=1,
        frame=FRAME,
        last=claims["first"] + len(lines) - 1,
        before=base64url.encode(chain_before),
        after=base64url.encode(chain),
        raw=raw,
        lines=piece(packed),
        sealed=piece(side) if sealed else None,
        **claims,
    )
    token = jose.sign(msgspec.json.encode(body), key, TYP, show_key=True)
    if len(token) > MAX_JWS or raw > frames.MAX_RAW:
        raise BadData("too-large", f"a batch has a JWS of {MAX_JWS} and lines of {frames.MAX_RAW} bytes at the most")
    return token.encode("ascii") + b"\n" + packed + side


def read_claims(payload: bytes) -> Claims:
    """The claims in a JWS payload, checked one by one; raises BadData or Unsupported."""
    version: dict[str, Any] = strict_json.read(payload, dict, field="claims")
    if version.get("v") != 1:
        raise Unsupported("unsupported", "this receiver reads batches of version 1", field="v")
    if version.get("frame") != FRAME:
        raise Unsupported("unsupported", f"this receiver reads frames {FRAME}", field="frame")
    claims = strict_json.read(payload, Claims, field="claims")
    check_claims(claims)
    return claims


def check_claims(claims: Claims) -> None:
    """Raises BadData where a claim cannot be true."""
    ledger_thumbprint(claims.ledger)
    if claims.stream not in STREAMS:
        raise BadData("malformed", f"a stream is one of {', '.join(STREAMS)}", field="stream")
    for field in ("before", "after"):
        base64url.decode(getattr(claims, field), field=field, size=32)
    if claims.last < claims.first - 1:
        raise BadData("malformed", "last is first - 1 or more", field="last")
    if claims.floor > claims.first:
        raise BadData("malformed", "floor is not above first: the lines sent are still there", field="floor")
    if claims.first == 1 and claims.before != base64url.encode(chain_start(claims.ledger, claims.stream)):
        raise BadData("malformed", "before line 1 stands the hash of ledger/stream", field="before")
    if claims.count == 0:
        check_heartbeat(claims)


def check_heartbeat(claims: Claims) -> None:
    """Raises BadData where a batch without lines says anything about lines."""
    empty = claims.raw == 0 and claims.lines == piece(b"") and claims.sealed is None
    if not empty or claims.before != claims.after or claims.stream != "enrollments":
        raise BadData("malformed", "a heartbeat has no frames and before = after", field="lines")


def read_token(token: str) -> tuple[Claims, str]:
    """Claims and key thumbprint of a batch's JWS; raises BadData if anything in it is wrong."""
    payload, key = jose.verify_by_header(token, TYP)
    claims = read_claims(payload)
    if ledger_thumbprint(claims.ledger) != key.thumbprint():
        raise BadData("malformed", "only the ledger's own key may sign it", field="ledger")
    return claims, key.thumbprint()


def read_bearer(token: str) -> tuple[Claims, str]:
    """Claims and key thumbprint of a heartbeat shown as Authorization; raises BadData.

    A batch with lines is no heartbeat: whoever finds a USB stick holds many of those.
    """
    if len(token) > MAX_BEARER:
        raise BadData("malformed", f"a Bearer has at most {MAX_BEARER} bytes", field="jws")
    claims, thumbprint = read_token(token)
    if claims.count:
        raise BadData("malformed", "only a heartbeat may be shown as Bearer", field="first")
    return claims, thumbprint


def read(file: bytes) -> Batch:
    """A whole batch file, checked in all that its own bytes can show; raises BadData."""
    head, newline, rest = file.partition(b"\n")
    if not newline or len(head) > MAX_JWS or not head.isascii():
        raise BadData("malformed", f"a batch starts with a JWS of at most {MAX_JWS} bytes and a newline", field="jws")
    claims, thumbprint = read_token(head.decode("ascii"))
    size = claims.lines.size
    if len(rest) != size + (claims.sealed.size if claims.sealed else 0):
        raise BadData("malformed", "the file is shorter or longer than its claims", field="size")
    frame, side = rest[:size], rest[size:]
    if piece(frame) != claims.lines or (claims.sealed and piece(side) != claims.sealed):
        raise BadData("malformed", "a frame is not the one that was signed", field="sha256")
    batch = Batch(
        token=head.decode("ascii"),
        claims=claims,
        thumbprint=thumbprint,
        frame=frame,
        lines=read_lines(claims, frame),
        sealed=read_sealed(claims, side),
    )
    if batch.lines and base64url.encode(batch.chains()[-1]) != claims.after:
        raise BadData("malformed", "the lines do not chain from before to after", field="after")
    return batch


def read_lines(claims: Claims, frame: bytes) -> list[bytes]:
    """The lines of the first frame, as many and as long as claimed."""
    if claims.count == 0:
        return []
    raw = frames.unpack(frame, field="lines")
    too_many = raw.count(b"\n") > claims.count  # seen before 8 MB of newlines become 8 million lines
    lines = [] if too_many else frames.split(raw, field="lines")
    if len(raw) != claims.raw or len(lines) != claims.count:
        raise BadData("malformed", "the frame does not hold the claimed bytes and lines", field="raw")
    return lines


def read_sealed(claims: Claims, side: bytes) -> list[Sealed]:
    """The sealed subjects of the second frame, each beside a line of this batch."""
    if claims.sealed is None:
        return []
    rows = frames.split(frames.unpack(side, field="sealed"), field="sealed")
    found = [strict_json.read(row, Sealed, field="sealed") for row in rows]
    numbers = [row.n for row in found]
    if len(set(numbers)) != len(numbers) or not all(claims.first <= n <= claims.last for n in numbers):
        raise BadData("malformed", "a subject stands beside one line of its own batch", field="sealed")
    for row in found:
        base64url.decode(row.kid, field="kid", size=32)
        base64url.decode(row.sealed, field="sealed")
    return found
