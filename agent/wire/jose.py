"""Signed texts (compact JWS, RFC 7515, alg Ed25519) and keys (JWK, RFC 7517)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import msgspec

from agent.errors import BadData, BadSignature
from agent.wire import base64url, strict_json

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

ALGORITHMS: Final = ["Ed25519"]
MAX_TOKEN: Final = 64 * 1024  # of any signed text; a batch's has a smaller bound of its own
MAX_HEADER: Final = 512
PUBLIC: Final = ("kty", "crv", "x")


class Header(msgspec.Struct, frozen=True):
    """The protected header of every JWS here; `jwk` where the reader may not know the key."""

    alg: str
    typ: str
    kid: str
    jwk: dict[str, Any] | None = None
    crit: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    b64: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def new_key() -> OKPKey:
    """A fresh Ed25519 private key."""
    from joserfc.jwk import OKPKey

    return OKPKey.generate_key("Ed25519")


def read_key(jwk: str | bytes | dict[str, Any], *, file: str = "", curve: str = "Ed25519") -> OKPKey:
    """The OKP key of a JWK text or object; raises BadData `bad-key`."""
    from joserfc.errors import JoseError
    from joserfc.jwk import OKPKey

    try:
        fields = jwk if isinstance(jwk, dict) else json.loads(jwk)
        key = OKPKey.import_key(fields)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise BadData("bad-key", f"not an OKP key in JWK form ({fault})", file=file, field="jwk") from fault
    if fields.get("kty") != "OKP" or key.as_dict(private=False).get("crv") != curve:
        raise BadData("bad-key", f"the key must be of type OKP and curve {curve}", file=file, field="crv")
    return key


def public(key: OKPKey) -> dict[str, str]:
    """The public members of a key: kty, crv, x."""
    fields = key.as_dict(private=False)
    return {name: str(fields[name]) for name in PUBLIC}


def private_text(key: OKPKey) -> str:
    """The JWK with its private member, for a file that only its owner may read."""
    fields = key.as_dict(private=True)
    return json.dumps({name: fields[name] for name in ("kty", "crv", "x", "d")})


def sign(payload: bytes, key: OKPKey, typ: str, *, show_key: bool) -> str:
    """A compact JWS of `payload`; `show_key` puts the public key into its header."""
    from joserfc import jws

    header: dict[str, Any] = {"alg": "Ed25519", "typ": typ, "kid": key.thumbprint()}
    if show_key:
        header["jwk"] = public(key)
    return jws.serialize_compact(header, payload, key, algorithms=ALGORITHMS)


def peek(token: str, typ: str, *, file: str = "") -> Header:
    """The header of a JWS before its signature is checked; raises BadData, also where it is too long to be one."""
    if len(token) > MAX_TOKEN or not token.isascii():
        raise BadData("malformed", f"a signed text has at most {MAX_TOKEN} bytes of ASCII", file=file, field="jws")
    head = base64url.decode(token.partition(".")[0], field="header")
    if len(head) > MAX_HEADER:
        raise BadData("malformed", f"a header has at most {MAX_HEADER} bytes", file=file, field="header")
    header = strict_json.read(head, Header, field="header", file=file)
    if header.alg != "Ed25519" or header.typ != typ:
        raise BadData("malformed", f"must be alg Ed25519, typ {typ}", file=file, field="header")
    if header.crit is not msgspec.UNSET or header.b64 is not msgspec.UNSET:
        raise BadData("malformed", "no JWS here has crit or b64: they change what is signed", file=file, field="header")
    return header


def verify(token: str, key: OKPKey, typ: str, *, file: str = "") -> bytes:
    """The payload of a JWS signed by `key`; raises BadData or BadSignature."""
    from joserfc import jws
    from joserfc.errors import JoseError

    peek(token, typ, file=file)
    rules = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)  # RFC 7515: unknown members are ignored
    rules.max_header_length = rules.max_payload_length = MAX_TOKEN  # ours were checked; joserfc counts base64url
    try:
        return jws.deserialize_compact(token, key, registry=rules).payload
    except (JoseError, ValueError, TypeError) as fault:
        raise BadSignature("bad-signature", f"the signature does not hold ({fault})", file=file) from fault


def verify_by_header(token: str, typ: str, *, file: str = "") -> tuple[bytes, OKPKey]:
    """Payload and key of a JWS whose header carries the key that signed it."""
    header = peek(token, typ, file=file)
    if header.jwk is None:
        raise BadData("malformed", "the header must carry jwk", file=file, field="jwk")
    if "d" in header.jwk:
        raise BadData("bad-key", "a header may not show a private key", file=file, field="jwk")
    key = read_key({name: header.jwk[name] for name in PUBLIC if name in header.jwk}, file=file)
    if header.kid != key.thumbprint():
        raise BadData("malformed", "kid is not the thumbprint of jwk", file=file, field="kid")
    return verify(token, key, typ, file=file), key
