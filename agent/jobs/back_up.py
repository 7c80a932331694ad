"""Copy the database, without anybody's data."""

from __future__ import annotations

from agent.office import Office
from agent.store import backup
from agent.store.database import Store


def run(store: Store, office: Office) -> None:
    """Write today's copy and drop the oldest."""
    backup.back_up(store, office.settings.backup.keep)
