"""Who asks: a fresh heartbeat of the kiosk, shown as Authorization."""

from __future__ import annotations

from typing import Final

import msgspec
from flask import request

from agent.errors import BadData, NotAllowed
from agent.wire.batch import MAX_BEARER, Claims, read_bearer
from central.opening import Central
from central.receive import known_kiosk
from central.store import kiosks, ledgers

PREFIX: Final = "Bearer "


class Caller(msgspec.Struct, frozen=True):
    """A kiosk that has shown a heartbeat never shown before."""

    thumbprint: str
    claims: Claims


def caller(central: Central) -> Caller:
    """The kiosk that asks; raises NotAllowed `no-heartbeat`, `unknown-kiosk`, `revoked` or `stale`."""
    claims, thumbprint = shown()
    now = central.clock.wall_ms()
    with central.store.write() as database:
        kiosk = known_kiosk(database, thumbprint)
        if kiosk.state == "revoked":
            raise NotAllowed("revoked", "this kiosk was revoked; ask central IT")
        ledger = ledgers.locked(database, claims.ledger, now)
        ledgers.note(database, ledger, msgspec.structs.replace(claims, status=None), now)
        if not ledgers.spend(database, claims.ledger, claims.s):
            raise NotAllowed("stale", "this heartbeat or a newer one was shown before: sign a new one", field="s")
        kiosks.seen(database, thumbprint, None, now)
    return Caller(thumbprint, claims)


def shown() -> tuple[Claims, str]:
    """Claims and key of the heartbeat in the Authorization header; raises NotAllowed `no-heartbeat`."""
    header = request.headers.get("Authorization", "")
    if not header.startswith(PREFIX) or len(header) > len(PREFIX) + MAX_BEARER:
        reason = f"show a heartbeat of at most {MAX_BEARER} bytes as `Authorization: Bearer`"
        raise NotAllowed("no-heartbeat", reason, field="Authorization")
    try:
        return read_bearer(header.removeprefix(PREFIX).strip())
    except BadData as fault:
        raise NotAllowed("no-heartbeat", f"this is no heartbeat: {fault.sentence}", field=fault.field) from fault
