"""The receipt: central's signed word on what it holds of a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from agent.errors import BadData
from agent.wire import base64url, jose, strict_json
from agent.wire.batch import Seen
from agent.wire.line import STREAMS, Count, Number, Whole, ledger_thumbprint

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

    from agent.wire.keys import KeyList

TYP: Final = "rekam-receipt+jws"
MEDIA_TYPE: Final = "application/jose"
MAX_ALSO: Final = 32
MAX_REFUSED: Final = 100
REFUSALS: Final = ("not-json", "missing-field", "wrong-type", "wrong-number", "unknown-office", "unknown-village")


class Held(msgspec.Struct, frozen=True):
    """Central holds every line up to `n`; its chain there is `chain`."""

    n: Count
    chain: str


class Range(msgspec.Struct, frozen=True):
    """Lines above a gap; provisional until the gap closes. `chain` is the one at `last`."""

    first: Number
    last: Number
    chain: str


class Refused(msgspec.Struct, frozen=True):
    """A held line that central cannot use; `code` is one of REFUSALS."""

    n: Number
    code: str


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with the stream: chain-mismatch or revoked; `n` where it is known."""

    code: str
    n: Count | None = None


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that a receipt says; `at` is central's clock in ms UTC.

    `trips`, only in answer to a heartbeat: the mark of what central has to tell of sibling devices' trips.
    """

    v: int
    ledger: str
    stream: str
    held: Held
    also: list[Range]
    refused: list[Refused]
    refused_total: Count
    epoch: Count
    seq: Count
    s: Count
    s_max: Count
    at: Whole
    settings: tuple[Count, Count]
    keys: Count
    problem: Problem | None = None
    trips: str | None = None

    @property
    def pair(self) -> Seen:
        """Epoch and sequence: a lower pair than one seen is to be ignored."""
        return Seen(self.epoch, self.seq)


def sign(receipt: Receipt, key: OKPKey) -> str:
    """The receipt as a compact JWS."""
    return jose.sign(msgspec.json.encode(receipt), key, TYP, show_key=False)


def read(token: str, keys: KeyList) -> Receipt:
    """A receipt signed by a listed receipt key; raises BadData, or BadSignature `unknown-key`."""
    header = jose.peek(token, TYP)
    payload = jose.verify(token, keys.find(header.kid, use="receipt"), TYP)
    receipt = strict_json.read(payload, Receipt, field="receipt")
    check(receipt)
    return receipt


def check(receipt: Receipt) -> None:
    """Raises BadData where a receipt contradicts itself."""
    if receipt.v != 1 or receipt.stream not in STREAMS:
        raise BadData("malformed", "a receipt of version 1 for a known stream", field="v")
    ledger_thumbprint(receipt.ledger)
    base64url.decode(receipt.held.chain, field="held.chain", size=32)
    top = receipt.held.n
    for also in receipt.also:
        base64url.decode(also.chain, field="also.chain", size=32)
        if not top + 1 < also.first <= also.last:
            raise BadData("malformed", "ranges lie above a gap, in order", field="also")
        top = also.last
    if len(receipt.also) > MAX_ALSO or len(receipt.refused) > MAX_REFUSED:
        raise BadData("malformed", "more ranges or refusals than a receipt may have", field="also")


def trips_mark(token: str) -> str | None:
    """The `trips` of a receipt whose signature nobody looked at: a hint, and no more; None where there is none."""
    try:
        claims = msgspec.json.decode(base64url.decode(token.split(".")[1], field="receipt"))
    except (BadData, IndexError, msgspec.DecodeError):
        return None
    mark = claims.get("trips") if isinstance(claims, dict) else None
    return mark if isinstance(mark, str) else None
