"""What the machine and its link say of themselves."""

from __future__ import annotations

import msgspec

from agent.wire.kinds.base import Kind
from agent.wire.line import Whole


class HealthSummary(Kind, frozen=True, omit_defaults=True):
    """A quarter hour of readings: name → [lowest, mean, highest]; `states` counts others."""

    since: Whole
    rounds: Whole
    readings: dict[str, tuple[float, float, float]]
    states: dict[str, dict[str, Whole]] = msgspec.field(default_factory=dict)


class HealthChanged(Kind, frozen=True, omit_defaults=True):
    """A probe or the link went from one state to another.

    `since` (ms): when the new state began; `for_s`: how long it was bad, told when that is over.
    `explained_by`: the code of the warning that lies behind it.
    """

    what: str
    state: str
    was: str
    evidence: str | None = None
    code: str | None = None
    since: Whole | None = None
    for_s: Whole | None = None
    explained_by: str | None = None
