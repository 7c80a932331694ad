"""What the office says of its coverage, and of the rosters it works through."""

from __future__ import annotations

from agent.wire.kinds.base import Kind
from agent.wire.line import Whole


class CoverageEntered(Kind, frozen=True, omit_defaults=True):
    """A published figure was entered: `count` of `of` people of a base on a date, YYYY-MM-DD.

    `faults` says why it cannot be true as it stands: then it is kept, and counts nowhere.
    """

    measure: str
    count: Whole
    base: str
    snapshot: str
    of: Whole | None = None
    faults: tuple[str, ...] = ()
    by: Whole = 0


class CoverageJudged(Kind, frozen=True, omit_defaults=True):
    """A figure that was entered before is judged otherwise: another figure or target came. No `faults`: it counts."""

    measure: str
    count: Whole
    base: str
    snapshot: str
    of: Whole | None = None
    faults: tuple[str, ...] = ()
