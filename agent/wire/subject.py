"""A person's data, sealed so that only the holder of a month's key can read it.

HPKE (RFC 9180): X25519, HKDF-SHA256, AES-128-GCM, base mode, no AAD. `info` names the line
beside which the subject was first written, and stays that name when the line is carried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from agent.errors import BadData
from agent.wire import base64url

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

BLOCK: Final = 128  # plaintexts of one length hide whether a phone or a name is in them


def info(ledger: str, stream: str, n: int) -> bytes:
    """ASCII `ledger/stream/n` of first writing."""
    return f"{ledger}/{stream}/{n}".encode("ascii")


def pad(subject: dict[str, str]) -> bytes:
    """The subject as JSON, padded with spaces to a multiple of 128 bytes."""
    plain = msgspec.json.encode(subject)
    return plain + b" " * (-len(plain) % BLOCK)


def seal(subject: dict[str, str], key: OKPKey, name: bytes) -> str:
    """base64url(enc ‖ ciphertext) of a subject for the X25519 public `key`."""
    return base64url.encode(_suite().encrypt(pad(subject), key.public_key, info=name))


def unseal(sealed: str, key: OKPKey, name: bytes) -> dict[str, str]:
    """The subject again, with the private `key`; raises BadData `cannot-open`."""
    from cryptography.exceptions import InvalidTag

    try:
        plain = _suite().decrypt(base64url.decode(sealed, field="sealed"), key.private_key, info=name)
        return msgspec.json.decode(plain, type=dict[str, str])
    except (InvalidTag, ValueError, msgspec.DecodeError) as fault:
        raise BadData("cannot-open", "another key, another line, or damaged bytes", field="sealed") from fault


def _suite() -> Any:
    from cryptography.hazmat.primitives import hpke

    return hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_128_GCM)
