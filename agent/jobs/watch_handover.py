"""Notice working days on which nothing was handed over to central."""

from __future__ import annotations

from collections.abc import Callable

from agent.actions import handover
from agent.office import Office
from agent.store.database import Store


def run(store: Store, office: Office, print_soon: Callable[[], None]) -> None:
    """Count the day if it counts; a sheet that is due is printed."""
    handover.watch(store, office)
    if handover.pending_sheet(store):
        print_soon()
