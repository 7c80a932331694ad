"""What becomes of the kiosk itself."""

from __future__ import annotations

from agent.wire.kinds.base import Kind
from agent.wire.line import Whole


class KioskChanged(Kind, frozen=True, omit_defaults=True):
    """The kiosk was suspended, brought back or retired; `by` is an officer's number, 0 the command line."""

    state: str  # active | suspended | retired
    was: str
    reason: str
    by: Whole = 0
