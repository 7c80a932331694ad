"""What a receipt may be believed, given the kiosk's own chain."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from agent.wire.batch import Seen
from agent.wire.receipt import Receipt

Verdict = Literal["believe", "ignore", "fork", "revoked"]
MISMATCH: Final = "chain-mismatch"
REVOKED: Final = "revoked"
RESTORED: Final = "restored"
TICKETS: Final = "enrollments"


class Own(msgspec.Struct, frozen=True):
    """What the kiosk knows of a stream: its end, what it believed so far, its chain at the receipt's held n."""

    ledger: str
    stream: str
    last: int
    held: int
    seen: Seen
    chain: str | None


class Judgement(msgspec.Struct, frozen=True):
    """What to do with a receipt, why, in a word for the log, and how many lines with tickets only central still has."""

    verdict: Verdict
    why: str = ""
    lost: int = 0


def judge(receipt: Receipt, own: Own, answers: int | None) -> Judgement:
    """What to do with a well-signed receipt; `answers` is the `s` just sent, None for a carried one.

    Nothing drastic is believed from an old receipt: a fork or a revocation needs one that
    answers what was just sent.
    """
    if (receipt.ledger, receipt.stream) != (own.ledger, own.stream):
        return Judgement("ignore", "another-stream")
    if receipt.pair < own.seen:
        return Judgement("ignore", "older")
    fresh = receipt.s == answers
    wrong = what_is_wrong(receipt, own)
    if wrong and not fresh:
        return Judgement("ignore", "not-fresh")
    if wrong == REVOKED:
        return Judgement("revoked", wrong)
    if wrong:
        return Judgement("fork", wrong, lost=max(0, receipt.held.n - own.last) if own.stream == TICKETS else 0)
    if receipt.epoch == own.seen.epoch and receipt.held.n < own.held:
        return Judgement("ignore", "held-fell")
    return Judgement("believe")


def what_is_wrong(receipt: Receipt, own: Own) -> str:
    """The drastic thing that a receipt says: revoked, chain-mismatch, restored, or nothing."""
    if receipt.problem is not None and receipt.problem.code in (REVOKED, MISMATCH):
        return receipt.problem.code
    if receipt.held.n > own.last:
        return RESTORED
    return MISMATCH if receipt.held.chain != own.chain else ""
