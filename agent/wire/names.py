"""Names of files on a carrier: a USB stick or a bucket."""

from __future__ import annotations

import hashlib
from typing import Final

KEYS: Final = "keys.jws"
SETTINGS: Final = "settings.jws"


def batch_name(file: bytes) -> str:
    """HEX.rekam, HEX = SHA-256 of the file."""
    return hashlib.sha256(file).hexdigest() + ".rekam"


def receipt_name(ledger: str, stream: str) -> str:
    """HEX.receipt, HEX = SHA-256 of ledger/stream."""
    return hashlib.sha256(f"{ledger}/{stream}".encode("ascii")).hexdigest() + ".receipt"


def pair_name(thumbprint: str) -> str:
    """HEX.pair, HEX = SHA-256 of the thumbprint."""
    return hashlib.sha256(thumbprint.encode("ascii")).hexdigest() + ".pair"


def trips_name(thumbprint: str) -> str:
    """HEX.trips, HEX = SHA-256 of the thumbprint of the kiosk that is told."""
    return hashlib.sha256(thumbprint.encode("ascii")).hexdigest() + ".trips"
