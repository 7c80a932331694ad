"""A line of a stream and the chain over lines.

A line is one compact JSON object, written once and never encoded again: what is
stored is what is hashed is what is sent.
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, Any, Final, Literal

import msgspec

from agent.errors import BadData

KB: Final = 1024
MAX_LINE: Final = 16 * KB
MAX_CARRIED_LINE: Final = 33 * KB  # a 16 kB line quoted inside another: every byte may need a backslash
CARRIED: Final = "carried"
STREAMS: Final = ("enrollments", "health")
LEDGER: Final = re.compile(r"([A-Za-z0-9_-]{43})\.([a-z2-7]{8})\Z")

MAX_INT: Final = 2**53 - 1  # above it, JSON readers in other languages lose digits

StreamName = Literal["enrollments", "health"]
Whole = Annotated[int, msgspec.Meta(ge=-MAX_INT, le=MAX_INT)]
Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_INT)]
Number = Annotated[int, msgspec.Meta(ge=1, le=MAX_INT)]


class Envelope(msgspec.Struct, frozen=True):
    """What every line has; `d` stays raw, so that unknown kinds and fields are kept."""

    n: Number
    t: Whole
    b: Count
    m: Count
    k: str
    d: msgspec.Raw


_READ: Final = msgspec.json.Decoder(Envelope)


def encode_line(n: int, t: int, b: int, m: int, k: str, d: Any) -> bytes:
    """One line: n number, t wall ms UTC, b boot, m ms of this boot, k kind, d data.

    Raises BadData `line-too-long` above 16 kB (33 kB for a carried line).
    """
    line = msgspec.json.encode({"n": n, "t": t, "b": b, "m": m, "k": k, "d": d})
    most = MAX_CARRIED_LINE if k == CARRIED else MAX_LINE
    if len(line) > most:
        raise BadData("line-too-long", f"a {k} line has {len(line)} bytes; {most} is the most", field="d")
    return line


def read_line(line: bytes) -> Envelope:
    """The envelope of one line; raises BadData `not-json`, `missing-field` or `wrong-type`."""
    try:
        line.decode("utf-8")  # `d` stays raw, so msgspec does not look at the bytes in it
        return _READ.decode(line)
    except msgspec.ValidationError as fault:
        code = "missing-field" if "missing required field" in str(fault) else "wrong-type"
        raise BadData(code, str(fault), field="line") from fault
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise BadData("not-json", str(fault), field="line") from fault


def chain_start(ledger: str, stream: str) -> bytes:
    """chain(0): SHA-256 of ASCII `ledger/stream`, 32 bytes."""
    return hashlib.sha256(f"{ledger}/{stream}".encode("ascii")).digest()


def chain_next(before: bytes, line: bytes) -> bytes:
    """chain(n): SHA-256 of the 32 bytes before it and the line without its newline."""
    return hashlib.sha256(before + line).digest()


def ledger_thumbprint(ledger: str) -> str:
    """The thumbprint of the key that alone may sign this ledger; raises BadData."""
    match = LEDGER.match(ledger)
    if match is None:
        raise BadData("malformed", "a ledger is THUMBPRINT.[a-z2-7]{8}", field="ledger")
    return match[1]
