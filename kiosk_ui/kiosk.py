"""What every page and call of this process works with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

import msgspec
from flask import current_app

from agent.actions.signing_in import Door
from agent.office import Office
from agent.store.database import Store

Listener = Literal["citizen", "staff"]
NAME: Final = "rekam"


class Kiosk(msgspec.Struct, frozen=True):
    """One listener of an office: who asks, and what is asked of."""

    store: Store
    office: Office
    listener: Listener
    api_token: str
    random_bytes: Callable[[int], bytes]
    nudge: Callable[[Path], bool]
    door: Door

    def wake_agent(self) -> None:
        """Tell the agent that there is something to print or to send; never waits for it."""
        self.nudge(self.store.home)

    def request_id(self) -> str:
        """A new name for one citizen's request: whoever repeats it gets the same number."""
        return self.random_bytes(16).hex()


def kiosk() -> Kiosk:
    """The kiosk that serves this request."""
    found: Kiosk = current_app.extensions[NAME]
    return found
