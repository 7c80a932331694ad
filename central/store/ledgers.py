"""Ledgers of the kiosks: their counters, their status, and how they go on from each other."""

from __future__ import annotations

from typing import Any

import msgspec
from peewee import Database

from agent.wire.batch import Claims
from central.store.models import Kiosk, Ledger
from central.store.rows import insert

LONGEST_LINEAGE = 64  # forks of one machine; a kiosk that forks more often has no older lines left to speak of


def locked(database: Database, ledger: str, now: int) -> Any:
    """The row of a ledger, made if there is none, locked until the transaction ends on PostgreSQL."""
    row = find(database, ledger, lock=True)
    if row is None:
        insert(
            database, Ledger, [(ledger, ledger.partition(".")[0], now, -1, -1, 0, -1, None, None, None)], fresh=False
        )
        row = find(database, ledger, lock=True)
    return row


def find(database: Database, ledger: str, *, lock: bool = False) -> Any | None:
    """The row of a ledger, or None."""
    query = Ledger.select().where(Ledger.ledger == ledger)
    return (query.for_update() if lock and database.for_update else query).first(database)


def update(database: Database, ledger: str, **columns: Any) -> None:
    """Set columns of a ledger's row."""
    Ledger.update(**columns).where(Ledger.ledger == ledger).execute(database)


def note(database: Database, row: Any, claims: Claims, now: int) -> int:
    """Remember the counter `s` and a heartbeat's status if it is newer; returns the highest `s` seen."""
    news: dict[str, Any] = {}
    if claims.s > row.s_max:
        news["s_max"] = claims.s
    if claims.status is not None and not claims.count and claims.s > row.status_s:
        body = msgspec.json.encode(claims.status).decode("utf-8")
        news |= {"status_s": claims.s, "status_at": now, "status": body}
    if news:
        update(database, row.ledger, **news)
    return max(int(row.s_max), claims.s)


def s_max(database: Database, ledger: str) -> int:
    """The highest counter ever seen of a ledger; -1 if nothing was."""
    found = Ledger.select(Ledger.s_max).where(Ledger.ledger == ledger).scalar(database)
    return -1 if found is None else int(found)


def spend(database: Database, ledger: str, s: int) -> bool:
    """Whether `s` is above every counter shown by a GET of this ledger; if so it is remembered."""
    where = (Ledger.ledger == ledger) & (Ledger.bearer_s < s)
    return bool(Ledger.update(bearer_s=s).where(where).execute(database))


def office(database: Database, ledger: str) -> str:
    """The office that the ledger's kiosk is approved for."""
    found = Kiosk.select(Kiosk.office).where(Kiosk.thumbprint == ledger.partition(".")[0]).scalar(database)
    return str(found or "")


def lineage(database: Database, ledger: str) -> list[str]:
    """The ledger and those it goes on from, newest first, as far as they are vouched for."""
    found = [ledger]
    while len(found) < LONGEST_LINEAGE:
        parent = Ledger.select(Ledger.parent).where(Ledger.ledger == found[-1]).scalar(database)
        if not parent or parent in found:
            break
        found.append(parent)
    return found


def first_seen(database: Database, ledgers: set[str]) -> dict[str, int]:
    """Ledger → when central came to know it, ms UTC."""
    query = Ledger.select(Ledger.ledger, Ledger.first_seen).where(Ledger.ledger.in_(sorted(ledgers)))
    return dict(query.tuples().execute(database))


def next_frame(database: Database, ledger: str) -> int:
    """The number for the next frame of a ledger; its row is locked already."""
    Ledger.update(frames=Ledger.frames + 1).where(Ledger.ledger == ledger).execute(database)
    return int(Ledger.select(Ledger.frames).where(Ledger.ledger == ledger).scalar(database))


def children(database: Database, ledgers: list[str]) -> list[str]:
    """The ledgers that go on from one of these."""
    query = Ledger.select(Ledger.ledger).where(Ledger.parent.in_(ledgers)).tuples()
    return [ledger for (ledger,) in query.execute(database)]


def of_kiosks(database: Database, thumbprints: set[str]) -> list[str]:
    """The ledgers of these kiosks."""
    query = Ledger.select(Ledger.ledger).where(Ledger.kiosk.in_(sorted(thumbprints))).tuples()
    return [ledger for (ledger,) in query.execute(database)]


def in_order(database: Database, ledgers: list[str] | None = None) -> list[str]:
    """These ledgers, or all, in the order in which central came to know them."""
    query = Ledger.select(Ledger.ledger).order_by(Ledger.first_seen, Ledger.ledger)
    query = query if ledgers is None else query.where(Ledger.ledger.in_(ledgers))
    return [ledger for (ledger,) in query.tuples().execute(database)]


def family(database: Database, ledger: str) -> list[str]:
    """Every ledger whose lines can bear on this one's: of the same key, or tied to it by going on; in order."""
    known: set[str] = {ledger}
    while True:
        thumbprints = {each.partition(".")[0] for each in known}
        wider = known | set(of_kiosks(database, thumbprints)) | set(children(database, sorted(known)))
        wider |= {each for one in sorted(known) for each in lineage(database, one)}
        if wider == known:
            return in_order(database, sorted(known))
        known = wider
