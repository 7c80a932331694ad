"""Looks into batch files for `rekam batch show` and `rekam batch verify`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import msgspec

from agent.errors import BadData, BadSignature
from agent.wire import batch, frames, jose

MOST_BYTES: Final = 3 * frames.MAX_RAW  # two frames that grew by compression; a mistyped path must not fill the memory


def read_file(file: Path) -> batch.Batch:
    """The batch in a file, checked in all its own bytes show; raises BadData that names the file."""
    try:
        with file.open("rb") as opened:
            found = opened.read(MOST_BYTES + 1)
        if len(found) > MOST_BYTES:
            raise BadData("too-large", f"is larger than {MOST_BYTES} bytes; is it the right file?")
        return batch.read(found)
    except OSError as fault:
        raise BadData("unreadable", f"cannot be read: {fault.strerror}", file=str(file)) from fault
    except BadData as fault:
        raise type(fault)(fault.code, fault.sentence, file=str(file), field=fault.field) from fault


def shown(file: Path) -> dict[str, Any]:
    """{claims, lines, sealed}: lines parsed where they are JSON, else as text."""
    found = read_file(file)
    return {
        "claims": msgspec.to_builtins(found.claims),
        "lines": [readable(line) for line in found.lines],
        "sealed": msgspec.to_builtins(found.sealed),
    }


def readable(line: bytes) -> Any:
    """A line as a JSON value; its text where it is none that every program can read again."""
    try:
        value = msgspec.json.decode(line)
        json.dumps([[value]], indent=2)  # what can just be read may nest too deep to be written
        return value
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return line.decode("utf-8", "replace")


def verified(file: Path, jwks: Path | None) -> str:
    """One sentence about a sound batch; raises BadSignature `foreign-key` when its key is not among `jwks`."""
    found = read_file(file)
    if jwks is not None and found.thumbprint not in thumbprints(jwks):
        raise BadSignature("foreign-key", "signed by a key that is not in the list", file=str(file), field="kid")
    claims = found.claims
    return f"ok: {claims.ledger}/{claims.stream} {claims.first}…{claims.last}, {claims.count} lines, s {claims.s}"


def thumbprints(jwks: Path) -> set[str]:
    """The thumbprints of a JWK set, or of one JWK; raises BadData."""
    try:
        found = json.loads(jwks.read_bytes())
    except (OSError, ValueError, RecursionError) as fault:
        raise BadData("bad-key", f"no readable JWK set ({fault})", file=str(jwks)) from fault
    keys = found.get("keys", [found]) if isinstance(found, dict) else None
    if not isinstance(keys, list):
        raise BadData("bad-key", 'a JWK set is an object whose "keys" is a list', file=str(jwks), field="keys")
    return {jose.read_key(key, file=str(jwks)).thumbprint() for key in keys}
