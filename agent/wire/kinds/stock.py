"""What lines say of blank cards, ribbon and film; what was used is told by the outcomes of visits."""

from __future__ import annotations

from agent.wire.kinds.base import Kind
from agent.wire.line import Whole


class StockReceived(Kind, frozen=True, omit_defaults=True):
    """So many pieces of an item came in."""

    item: str
    amount: Whole
    by: Whole = 0


class StockSpoiled(Kind, frozen=True, omit_defaults=True):
    """So many pieces were spoiled; `reason` is one of a few words."""

    item: str
    amount: Whole
    reason: str = ""
    by: Whole = 0


class StockCounted(Kind, frozen=True, omit_defaults=True):
    """Somebody counted `counted` pieces where the book said `book`; from now on the book says `counted`."""

    item: str
    counted: Whole
    book: Whole
    by: Whole = 0
