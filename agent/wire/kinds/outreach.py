"""What lines say of jemput bola: a trip to a village, and who of its list was reached.

A trip is named by the (ledger, n) of its `trip.opened` line, as a visit by that of its `ticket.taken`.
"""

from __future__ import annotations

from agent.wire.kinds.base import Kind
from agent.wire.line import Whole


class TripOpened(Kind, frozen=True, omit_defaults=True):
    """Officers went to a village; every number until `trip.closed` belongs to the trip."""

    village: str
    place: str
    purpose: str  # village | school | event | home | other
    date: str
    by: Whole = 0


class TripClosed(Kind, frozen=True, omit_defaults=True):
    """The officers are back; `stated` people were served there without a number of this kiosk."""

    trip: Whole
    by: Whole = 0
    of: str | None = None
    stated: Whole = 0


class KitConfirmed(Kind, frozen=True, omit_defaults=True):
    """A supervisor compared a device's code: files of trips that its key signed are read from now on."""

    device: str  # the key's thumbprint
    by: Whole = 0


class ListServed(Kind, frozen=True, omit_defaults=True):
    """Somebody on a list was reached; `visit` is the one that had put them there."""

    visit: Whole
    by: Whole = 0
    of: str | None = None
