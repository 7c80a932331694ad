"""Which ledger goes on from which, and who may speak of whose lines."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from agent.errors import BadData
from agent.wire.kinds import LedgerContinued
from agent.wire.line import ledger_thumbprint
from agent.wire.proof import read_proof
from central.faults import Entry
from central.store import carried, ledgers
from central.store.database import Database
from central.store.rows import StreamKey


class Reach(msgspec.Struct, frozen=True):
    """A ledger and those it goes on from, newest first: what it may say anything about."""

    ledger: str
    lineage: list[str]

    def covers(self, ledger: str) -> bool:
        """Whether this ledger may speak of that one: of the same key, or vouched for by its key."""
        return ledger in self.lineage or thumbprint(ledger) == thumbprint(self.ledger)


def thumbprint(ledger: str) -> str:
    """The key of a ledger whose form was checked before."""
    return ledger.partition(".")[0]


def reach_of(database: Database, ledger: str) -> Reach:
    """What this ledger may speak of, as far as central knows now."""
    return Reach(ledger, ledgers.lineage(database, ledger))


def note_parent(database: Database, key: StreamKey, entries: Sequence[Entry]) -> bool:
    """Remember which ledger this one goes on from; whether lines were filed before that was known."""
    continued = entries[0].kind if entries and entries[0].n == 1 else None
    if not isinstance(continued, LedgerContinued) or not is_vouched(key.ledger, continued):
        return False
    row = ledgers.find(database, key.ledger)
    if row is None or row.parent is not None:
        return False
    ledgers.update(database, key.ledger, parent=continued.ledger)
    return row.frames > 1 or carried.is_quoted(database, key.ledger)


def is_vouched(ledger: str, continued: LedgerContinued) -> bool:
    """Whether this ledger may go on from the one it names: the same key's, or with that key's proof."""
    try:
        ours, theirs = ledger_thumbprint(ledger), ledger_thumbprint(continued.ledger)
        if ours == theirs:
            return ledger != continued.ledger
        return continued.proof is not None and read_proof(continued.proof) == (ours, theirs)
    except BadData:
        return False
