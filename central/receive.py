"""The take-in: verify, keep, compare, store only what is new, and sign after the commit.

What is well signed is in custody, faults and all: a fault in one line is a refusal of that line.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from agent.domain.custody import LINK, Carrier
from agent.errors import BadData, NotAllowed
from agent.wire import batch as wire
from agent.wire.batch import Batch
from central import telling
from central.custody import Parcel, keep, turned_away
from central.faults import Rules, read_entry
from central.opening import Central
from central.store import kiosks
from central.store.database import Database
from central.store.rows import StreamKey

MOST_LINES: Final = 50_000  # some 30 MB while they are checked; a kiosk's largest batch has a tenth of it
TOO_MANY: Final = "too-large"


class Answer(msgspec.Struct, frozen=True):
    """What central answers: an HTTP status and a signed receipt."""

    status: int
    receipt: str


def take_in(central: Central, file: bytes, carrier: Carrier = LINK) -> Answer:
    """Take in a batch file that came by `carrier`, and answer with a receipt.

    Raises BadData where the file itself is wrong or `too-large`, NotAllowed `unknown-kiosk` or `suspended`,
    StoreError where the database cannot; then nothing is stored.
    """
    check_count(file)
    batch = wire.read(file)
    now = central.clock.wall_ms()
    with central.store.session() as database:
        kiosk = known_kiosk(database, batch.thumbprint)
        if kiosk.state == "revoked":
            taken = turned_away(database, batch.claims)
        else:
            parcel = unpacked(batch, central.rules(kiosk.office), carrier)
            with central.store.write():
                kiosks.seen(database, batch.thumbprint, batch.claims.software, now)
                taken = keep(database, parcel, now)
        told = None if batch.claims.count else telling.mark(database, batch.thumbprint, now)
    return Answer(taken.status, central.sign(taken.spoken, now, told))


def check_count(file: bytes) -> None:
    """Raises BadData `too-large` for more lines than can be taken in at once, before any is unpacked.

    8 MB of newlines fit into 1 kB of zstd, and anybody can sign them with a key of their own.
    """
    head = file[: wire.MAX_JWS + 1].partition(b"\n")[0]
    if len(head) > wire.MAX_JWS or not head.isascii():
        raise BadData("malformed", f"a batch starts with a JWS of at most {wire.MAX_JWS} bytes", field="jws")
    claims, _ = wire.read_token(head.decode("ascii"))
    if claims.count > MOST_LINES:
        raise BadData(TOO_MANY, f"a batch may have {MOST_LINES} lines here; send smaller ones", field="last")


def known_kiosk(database: Database, thumbprint: str) -> Any:
    """The approved or revoked kiosk with this key; raises NotAllowed."""
    kiosk = kiosks.find(database, thumbprint)
    if kiosk is None or kiosk.state == "pending":
        raise NotAllowed("unknown-kiosk", "this kiosk is not paired: POST /v1/kiosks, then have its code approved")
    if kiosk.state == "suspended":
        raise NotAllowed("suspended", "this kiosk is suspended for now; keep the lines and try again later")
    return kiosk


def unpacked(batch: Batch, rules: Rules, carrier: Carrier) -> Parcel:
    """The batch with every line read and checked."""
    key = StreamKey(batch.claims.ledger, batch.claims.stream)
    numbered = enumerate(batch.lines, batch.claims.first)
    return Parcel(batch, key, batch.chains(), {n: read_entry(n, line, rules) for n, line in numbered}, carrier)
