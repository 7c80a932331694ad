"""Empty old lines that central holds, delete subjects and rosters that are done with, judge figures by new targets."""

from __future__ import annotations

from agent.actions import coverage, rosters
from agent.office import Office
from agent.store.database import Store
from agent.store.pruning import prune_some
from agent.store.receipts import tidy_subjects


def run(store: Store, office: Office) -> None:
    """Prune a thousand rows at a time until nothing is left to prune."""
    while prune_some(store, office.settings.store.retention_days):
        pass
    keys = office.keys()
    listed = None if keys is None else {key.kid for key in keys.keys}
    while tidy_subjects(store, listed):
        pass
    rosters.forget_expired(store, office)
    with store.write():
        coverage.tell(store, office)
