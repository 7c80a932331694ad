"""What the pages and monitors ask of the store; reads only."""

from __future__ import annotations

from peewee import Database, fn

from central.store.models import Kiosk

STATES = ("pending", "approved", "suspended", "revoked")


def states(database: Database) -> dict[str, int]:
    """How many kiosks are in each state."""
    query = Kiosk.select(Kiosk.state, fn.COUNT(Kiosk.thumbprint)).group_by(Kiosk.state)
    return dict.fromkeys(STATES, 0) | dict(query.tuples().execute(database))
