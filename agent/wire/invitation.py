"""What central tells an office before they know each other: a small JSON file, brought or mailed.

{"v": 1, "url": …, "root": thumbprint of central's root key, "office": PP.KK.CC, "keys": the key list, if any}
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from agent.errors import BadData, Unsupported
from agent.settings_values import office_code, thumbprint, web_url
from agent.wire import keys

VERSION: Final = 1
CHECKS: Final[dict[str, Callable[[object], str]]] = {"url": web_url, "root": thumbprint, "office": office_code}


class Invitation(msgspec.Struct, frozen=True):
    """Where central is, the one key by which it is believed, and for whom this was written."""

    url: str
    root: str
    office: str
    keys: str | None = None
    v: int = VERSION


class _Version(msgspec.Struct, frozen=True):
    v: int


def write(invitation: Invitation) -> bytes:
    """The file's bytes; raises BadData for a field that `read` would refuse."""
    return msgspec.json.format(msgspec.json.encode(_checked(invitation)), indent=2) + b"\n"


def read(raw: bytes, *, file: str = "") -> Invitation:
    """An invitation whose fields can be used, and whose key list its own root has signed.

    Raises BadData `malformed`, Unsupported `unsupported`, BadSignature. Unknown fields are ignored.
    """
    try:
        version = msgspec.json.decode(raw, type=_Version).v
        if version != VERSION:
            raise Unsupported("unsupported", f"an invitation of version {version}; update Rekam", file=file, field="v")
        invitation = msgspec.json.decode(raw, type=Invitation)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        reason = f"not an invitation of `rekam central invite` ({fault})"
        raise BadData("malformed", reason, file=file, field="invitation") from fault
    checked = _checked(invitation, file=file)
    if checked.keys is not None:
        keys.read(checked.keys, checked.root, file=file)
    return checked


def _checked(invitation: Invitation, *, file: str = "") -> Invitation:
    """The same with its fields in their one spelling; raises BadData `malformed`."""
    values: dict[str, str] = {}
    for field, check in CHECKS.items():
        try:
            values[field] = check(getattr(invitation, field))
        except ValueError as fault:
            raise BadData("malformed", str(fault), file=file, field=field) from fault
    return msgspec.structs.replace(invitation, **values)
