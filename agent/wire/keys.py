"""Central's keys: one root, kept off the receiver, signs a numbered list of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from agent.errors import BadData, BadSignature
from agent.wire import jose, strict_json
from agent.wire.line import Count

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

TYP: Final = "rekam-keys+jws"
USES: Final = ("receipt", "settings", "seal")


class ListedKey(msgspec.Struct, frozen=True, omit_defaults=True):
    """A public JWK and what it is for; sealing keys have the `month` they are meant for, YYYY-MM."""

    kty: str
    crv: str
    x: str
    kid: str
    use: str
    month: str | None = None

    def key(self) -> OKPKey:
        """The key itself; raises BadData when the entry is not what it says."""
        curve = "X25519" if self.use == "seal" else "Ed25519"
        key = jose.read_key({"kty": self.kty, "crv": self.crv, "x": self.x}, curve=curve)
        if key.thumbprint() != self.kid:
            raise BadData("malformed", "kid is not the thumbprint of its key", field="keys")
        return key


class KeyList(msgspec.Struct, frozen=True):
    """The list; the highest `number` wins, and a key is good while it is listed."""

    v: int
    number: Count
    keys: list[ListedKey]

    def find(self, kid: str, *, use: str) -> OKPKey:
        """The listed key `kid` for `use`; raises BadSignature `unknown-key`."""
        for entry in self.keys:
            if entry.kid == kid and entry.use == use:
                return entry.key()
        raise BadSignature("unknown-key", f"no listed {use} key {kid}; fetch the newest key list", field="kid")

    def sealing(self, month: str) -> ListedKey | None:
        """The sealing key for `month` (YYYY-MM), else the newest listed, else None."""
        seals = sorted((key for key in self.keys if key.use == "seal"), key=lambda key: key.month or "")
        exact = [key for key in seals if key.month == month]
        return exact[-1] if exact else (seals[-1] if seals else None)


class _Signed(msgspec.Struct, frozen=True):
    v: int
    number: Count
    keys: list[dict[str, Any]]


def listed(key: OKPKey, use: str, month: str | None = None) -> ListedKey:
    """The list entry of `key`."""
    fields: dict[str, Any] = jose.public(key)
    return ListedKey(**fields, kid=key.thumbprint(), use=use, month=month)


def sign(keys: KeyList, root: OKPKey) -> str:
    """The key list as a compact JWS that shows the root's key."""
    return jose.sign(msgspec.json.encode(keys), root, TYP, show_key=True)


def read(token: str, root_thumbprint: str, *, file: str = "") -> KeyList:
    """A key list signed by the pinned root; raises BadData or BadSignature `foreign-root`.

    Entries for a use that this program does not know are left out: central may add one
    before every kiosk has learnt it.
    """
    payload, root = jose.verify_by_header(token, TYP, file=file)
    if root.thumbprint() != root_thumbprint:
        raise BadSignature("foreign-root", "signed by another root key than the pinned one", file=file, field="jwk")
    signed = strict_json.read(payload, _Signed, field="keys", file=file)
    if signed.v != 1:
        raise BadData("malformed", "a key list of version 1", file=file, field="keys")
    known = [_entry(fields, file) for fields in signed.keys if fields.get("use") in USES]
    return KeyList(signed.v, signed.number, known)


def _entry(fields: dict[str, Any], file: str) -> ListedKey:
    try:
        entry = msgspec.convert(fields, ListedKey)
    except msgspec.ValidationError as fault:
        raise BadData("malformed", str(fault), file=file, field="keys") from fault
    entry.key()
    return entry
