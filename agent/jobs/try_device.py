"""Look at one device, when somebody asks: on a thread of its own, for a driver may hang."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from agent import requests
from agent.domain.health_rules import DEVICES
from agent.guard import guarded
from agent.office import Office
from agent.probes import device_trial
from agent.probes.device_trial import Seen
from agent.requests import Progress
from agent.store.database import Store

HANGS: Final = Progress("failed", code="device-hangs", sentence="the last look at it has not ended: pull it out")
NOTHING: Final = Progress("failed", code="no-device", sentence="[devices] of kiosk.toml names no such device")


class DeviceDesk:
    """Looks at devices, each at most once at a time, and reports in the wish's row."""

    def __init__(self, store: Store, office: Office, look: Callable[..., tuple[Seen, ...]] = device_trial.look) -> None:
        self.store = store
        self.office = office
        self.look = look
        self._looking: set[str] = set()

    def begin(self, number: int, device: str) -> None:
        """Begin, on a thread that dies with the process; told at once where the last look still hangs."""
        if device not in DEVICES or device in self._looking:
            requests.report(self.store, number, HANGS if device in DEVICES else NOTHING)
            return
        self._looking.add(device)
        threading.Thread(target=self.run, args=(number, device), name="try-device", daemon=True).start()

    def run(self, number: int, device: str) -> None:
        """Look, and report what was seen."""
        told = NOTHING

        def seen() -> None:
            nonlocal told
            told = progress(self.look(device, self.office.settings.devices, self.store.clock))

        if error := guarded("try-device", seen):
            told = Progress("failed", code="internal", sentence=error)
        self._looking.discard(device)
        guarded("try-device", lambda: requests.report(self.store, number, told))
        self.store.database.close()  # this thread's reading connection


def progress(seen: tuple[Seen, ...]) -> Progress:
    """What a look came to: all that was seen, and failed where anything is not as it should be."""
    if not seen:
        return NOTHING
    words = "; ".join(each.words for each in seen)
    fine = all(each.ok for each in seen)
    return Progress("done", sentence=words) if fine else Progress("failed", code="device", sentence=words)
