"""Wake the uplink when its hour has come; it works on a thread of its own."""

from __future__ import annotations

from agent.clock import Clock, local
from agent.office import Office
from agent.uplink.worker import Uplink


def run(uplink: Uplink, office: Office, clock: Clock) -> None:
    """Ask for a sending now, unless the settings keep this hour free."""
    if office.settings.upload.is_open(local(clock.wall_ms(), office.zone).time()):
        uplink.ask()


def run_heartbeat(uplink: Uplink) -> None:
    """Ask for a sign of life; windows do not hold it up, it is small."""
    uplink.ask(beat=True)
