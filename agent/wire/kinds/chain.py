"""What lines say of the ledger itself and of its clock."""

from __future__ import annotations

from agent.wire.kinds.base import Kind
from agent.wire.line import Whole


class LedgerContinued(Kind, frozen=True, omit_defaults=True):
    """First line of each stream of a new ledger: it goes on after (ledger, n, chain)."""

    ledger: str
    n: Whole
    chain: str
    last: Whole
    reason: str  # restored | damaged | cloned | chain-mismatch | asked
    proof: str | None = None


class Carried(Kind, frozen=True, omit_defaults=True):
    """A line of an earlier ledger, quoted whole under its old identity."""

    ledger: str
    stream: str
    n: Whole
    line: str


class ClockAnchored(Kind, frozen=True, omit_defaults=True):
    """A boot or a contact: `boot` names it, `offset_ms` is central's clock minus ours."""

    boot: str
    offset_ms: Whole | None = None


class ClockStepped(Kind, frozen=True, omit_defaults=True):
    """The wall clock jumped from `before` to `after`, both ms UTC."""

    before: Whole
    after: Whole
    offset_ms: Whole | None = None
