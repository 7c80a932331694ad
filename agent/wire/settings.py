"""Settings that central sends down: targets, elections, notices, holidays; never personal data.

A compact JWS of {v, version: [epoch, number], settings: {…}} by a listed settings key. A kiosk
refuses a version that is not higher than its own and applies the rest whole or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from agent.errors import BadData
from agent.wire import jose, strict_json
from agent.wire.line import Count

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

    from agent.wire.keys import KeyList

TYP: Final = "rekam-settings+jws"

Version = tuple[Count, Count]


class SentSettings(msgspec.Struct, frozen=True):
    """`version` is (epoch, number); what stands in `settings` is for the kiosk's own checks."""

    v: int
    version: Version
    settings: dict[str, Any]


def sign(version: Version, settings: dict[str, Any], key: OKPKey) -> str:
    """The settings as a compact JWS."""
    return jose.sign(msgspec.json.encode(SentSettings(1, version, settings)), key, TYP, show_key=False)


def read(token: str, keys: KeyList, *, file: str = "") -> SentSettings:
    """Settings signed by a listed settings key; raises BadData, or BadSignature `unknown-key`."""
    header = jose.peek(token, TYP, file=file)
    payload = jose.verify(token, keys.find(header.kid, use="settings"), TYP, file=file)
    sent = strict_json.read(payload, SentSettings, field="settings", file=file)
    if sent.v != 1:
        raise BadData("malformed", "settings of version 1", file=file, field="v")
    return sent
