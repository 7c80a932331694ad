"""Empty old lines that central holds."""

from __future__ import annotations

from agent.office import Office
from agent.store.database import Store
from agent.store.pruning import prune_some


def run(store: Store, office: Office) -> None:
    """Prune a thousand lines at a time until nothing is old enough."""
    while prune_some(store, office.settings.store.retention_days):
        pass
