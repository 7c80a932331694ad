"""How a kiosk and central get to know each other."""

from __future__ import annotations

import re
from base64 import b32encode
from typing import TYPE_CHECKING, Final

import msgspec

from agent.errors import UsageError
from agent.wire import base64url, jose, strict_json

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

TYP: Final = "rekam-pair+jws"
_CODE: Final = re.compile(r"[A-Z2-7]{12}\Z")


class PairRequest(msgspec.Struct, frozen=True):
    """A kiosk asks to be known for an office, a kecamatan code PP.KK.CC."""

    office: str


def code(thumbprint: str) -> str:
    """XXXX-XXXX-XXXX: base32 of the first 60 bits of a key's thumbprint. It is read aloud, never sent."""
    letters = b32encode(base64url.decode(thumbprint, field="thumbprint", size=32)[:8]).decode("ascii")[:12]
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def plain_code(typed: str) -> str:
    """A typed code without its dashes, spaces and case; raises UsageError.

    0, 1 and 8 are not in the alphabet: they are taken for the letters they were read as.
    """
    letters = re.sub(r"[\s.-]", "", typed).upper().translate(str.maketrans("018", "OIB"))
    if not _CODE.match(letters):
        raise UsageError("bad-code", "a pairing code has twelve letters or digits, XXXX-XXXX-XXXX", field="code")
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def sign(office: str, key: OKPKey) -> str:
    """The signed request to be paired."""
    return jose.sign(msgspec.json.encode(PairRequest(office)), key, TYP, show_key=True)


def read(token: str) -> tuple[PairRequest, OKPKey]:
    """The request and the key that asks; raises BadData."""
    payload, key = jose.verify_by_header(token, TYP)
    return strict_json.read(payload, PairRequest, field="office"), key
