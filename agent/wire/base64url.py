"""base64url without padding, the only spelling of bytes in Rekam's JSON."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from agent.errors import BadData

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*\Z")


def encode(raw: bytes) -> str:
    """The base64url text of `raw`, without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str, *, field: str, size: int | None = None) -> bytes:
    """The bytes of `text`; raises BadData where another text would give the same bytes."""
    if not _ALPHABET.match(text) or len(text) % 4 == 1:
        raise BadData("malformed", "not base64url without padding", field=field)
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode(raw) != text:
        raise BadData("malformed", "base64url with stray bits at its end", field=field)
    if size is not None and len(raw) != size:
        raise BadData("malformed", f"must be {size} bytes, has {len(raw)}", field=field)
    return raw
