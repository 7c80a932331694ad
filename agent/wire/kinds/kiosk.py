"""What becomes of the kiosk itself, and of devices that were tried out."""

from __future__ import annotations

from agent.wire.kinds.base import Kind
from agent.wire.line import Whole


class KioskChanged(Kind, frozen=True, omit_defaults=True):
    """The kiosk was suspended, brought back or retired; `by` is an officer's number, 0 the command line."""

    state: str  # active | suspended | retired
    was: str
    reason: str
    by: Whole = 0


class DeviceTested(Kind, frozen=True, omit_defaults=True):
    """A device was tried out on purpose; `by` is an officer's number, 0 the agent."""

    device: str
    ok: bool
    by: Whole = 0
