"""The take-in: verify, keep, compare, store only what is new, and sign after the commit.

What is well signed is in custody, faults and all: a fault in one line is a refusal of that line.
"""

from __future__ import annotations

from typing import Any

import msgspec

from agent.errors import NotAllowed
from agent.wire import batch as wire
from agent.wire.batch import Batch
from central.custody import Parcel, keep, turned_away
from central.faults import Rules, read_entry
from central.opening import Central
from central.store import kiosks
from central.store.database import Database
from central.store.rows import StreamKey


class Answer(msgspec.Struct, frozen=True):
    """What central answers: an HTTP status and a signed receipt."""

    status: int
    receipt: str


def take_in(central: Central, file: bytes) -> Answer:
    """Take in a batch file and answer with a receipt.

    Raises BadData where the file itself is wrong, NotAllowed `unknown-kiosk` or `suspended`,
    StoreError where the database cannot; then nothing is stored.
    """
    batch = wire.read(file)
    now = central.clock.wall_ms()
    with central.store.session() as database:
        kiosk = known_kiosk(database, batch.thumbprint)
        if kiosk.state == "revoked":
            taken = turned_away(database, batch.claims)
        else:
            parcel = unpacked(batch, central.rules(kiosk.office))
            with central.store.write():
                kiosks.seen(database, batch.thumbprint, batch.claims.software, now)
                taken = keep(database, parcel, now)
    return Answer(taken.status, central.sign(taken.spoken, now))


def known_kiosk(database: Database, thumbprint: str) -> Any:
    """The approved or revoked kiosk with this key; raises NotAllowed."""
    kiosk = kiosks.find(database, thumbprint)
    if kiosk is None or kiosk.state == "pending":
        raise NotAllowed("unknown-kiosk", "this kiosk is not paired: POST /v1/kiosks, then have its code approved")
    if kiosk.state == "suspended":
        raise NotAllowed("suspended", "this kiosk is suspended for now; keep the lines and try again later")
    return kiosk


def unpacked(batch: Batch, rules: Rules) -> Parcel:
    """The batch with every line read and checked."""
    key = StreamKey(batch.claims.ledger, batch.claims.stream)
    numbered = enumerate(batch.lines, batch.claims.first)
    return Parcel(batch, key, batch.chains(), {n: read_entry(n, line, rules) for n, line in numbered})
