"""Kiosks: the keys that asked to be known, and what a person at central made of each."""

from __future__ import annotations

from typing import Any, Final

from peewee import Database

from agent.wire import pairing
from central.labels import label
from central.store.models import Kiosk
from central.store.rows import insert

PENDING_KEPT_MS: Final = 90 * 86_400_000  # a kiosk that waits asks every few minutes, one with a stick each month
MOST_PENDING: Final = 10_000  # anyone may ask; more than this at once is not a rollout


def find(database: Database, thumbprint: str) -> Any | None:
    """The kiosk with this key, or None."""
    return Kiosk.select().where(Kiosk.thumbprint == thumbprint).first(database)


def ask(database: Database, thumbprint: str, office: str, now: int) -> str:
    """Remember a request to be paired; returns the kiosk's state, `full` when too many wait already."""
    kiosk = find(database, thumbprint)
    if kiosk is None:
        forgotten = (Kiosk.state == "pending") & (Kiosk.last_seen < now - PENDING_KEPT_MS)
        Kiosk.delete().where(forgotten).execute(database)
        waiting = Kiosk.select().where(Kiosk.state == "pending").count(database)
        if waiting >= MOST_PENDING:
            return "full"
        insert(database, Kiosk, [(thumbprint, office, "pending", "", now, now)], fresh=False)
        return "pending"
    news = {"office": office} if kiosk.state == "pending" else {}
    Kiosk.update(last_seen=now, **news).where(Kiosk.thumbprint == thumbprint).execute(database)
    return str(kiosk.state)


def seen(database: Database, thumbprint: str, software: str | None, now: int) -> None:
    """Remember that the kiosk was heard of."""
    news = {"software": label(software)} if software is not None else {}
    Kiosk.update(last_seen=now, **news).where(Kiosk.thumbprint == thumbprint).execute(database)


def set_state(database: Database, thumbprint: str, state: str) -> None:
    """Approve, suspend or revoke a kiosk."""
    Kiosk.update(state=state).where(Kiosk.thumbprint == thumbprint).execute(database)


def set_office(database: Database, thumbprint: str, office: str) -> None:
    """Let a kiosk speak for another office from now on."""
    Kiosk.update(office=office).where(Kiosk.thumbprint == thumbprint).execute(database)


def by_code(database: Database, code: str, *states: str) -> list[Any]:
    """The kiosks in one of the states whose pairing code is `code`; the code is computed, never stored."""
    query = Kiosk.select().where(Kiosk.state.in_(states)).order_by(Kiosk.thumbprint).execute(database)
    return [kiosk for kiosk in query if pairing.code(kiosk.thumbprint) == code]
