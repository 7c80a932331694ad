"""When an officer's PIN is accepted."""

from __future__ import annotations

import hashlib
import hmac
import re
from itertools import pairwise
from typing import Final

from agent.errors import BadData

MEMORY: Final = 2**14  # scrypt N: 16 MB and about 50 ms, so that a stolen file costs a day for each PIN of six digits
_PIN: Final = re.compile(r"[0-9]{6,12}\Z")


def check_new(pin: str) -> None:
    """Raises BadData `weak-pin` for a PIN that somebody would guess."""
    steps = {ord(right) - ord(left) for left, right in pairwise(pin)}
    if not _PIN.match(pin) or steps in ({0}, {1}, {-1}):
        raise BadData("weak-pin", "a PIN has 6 to 12 digits that are not all equal or in a row", field="pin")


def hash_pin(pin: str, salt: bytes) -> str:
    """`scrypt$SALT$HASH` in hexadecimal."""
    hashed = hashlib.scrypt(pin.encode("utf-8", "surrogatepass"), salt=salt, n=MEMORY, r=8, p=1, dklen=32)
    return f"scrypt${salt.hex()}${hashed.hex()}"


def matches(pin: str, stored: str) -> bool:
    """Whether `pin` is the one that was stored, compared in constant time."""
    salt = bytes.fromhex(stored.split("$")[1])
    return len(pin) <= 64 and hmac.compare_digest(hash_pin(pin, salt), stored)
