"""Close the queue day when its hour has come."""

from __future__ import annotations

from agent.actions import trips
from agent.actions.day import close_if_due
from agent.office import Office
from agent.store.database import Store


def run(store: Store, office: Office) -> None:
    """Close the open day if it is due."""
    close_if_due(store, office)
    trips.close_of_yesterday(store, office)
