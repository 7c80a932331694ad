"""Signs what this device has to tell of its own trips, when somebody is to carry it to the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.actions import told_trips
from agent.store.receipts import keep_file
from agent.wire import trips as wire

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

    from agent.office import Office
    from agent.store.database import Store


def run(store: Store, office: Office, key: OKPKey) -> str:
    """Write data/trips.jws anew; `done`."""
    keep_file(store.home / told_trips.FILE, wire.sign_file(told_trips.own_word(store, office), key) + "\n")
    return "done"
