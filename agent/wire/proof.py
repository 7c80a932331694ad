"""The old key's word for the new one: without it nobody may continue another key's ledger.

A compact JWS whose payload is the new key's thumbprint in ASCII and whose header shows the old key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from agent.errors import BadData
from agent.wire import base64url, jose

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

TYP: Final = "rekam-proof+jws"


def sign_proof(new_thumbprint: str, old_key: OKPKey) -> str:
    """The `proof` of a `ledger.continued` line that leaves a ledger of `old_key`."""
    return jose.sign(new_thumbprint.encode("ascii"), old_key, TYP, show_key=True)


def read_proof(token: str) -> tuple[str, str]:
    """The new thumbprint and the old one that vouches for it; raises BadData."""
    payload, old_key = jose.verify_by_header(token, TYP)
    try:
        new_thumbprint = payload.decode("ascii")
    except UnicodeDecodeError as fault:
        raise BadData("malformed", "a proof names a thumbprint", field="proof") from fault
    base64url.decode(new_thumbprint, field="proof", size=32)
    return new_thumbprint, old_key.thumbprint()
