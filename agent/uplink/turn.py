"""What one exchange with central came to."""

from __future__ import annotations

from typing import Literal

import msgspec

from agent.domain.link import LinkState


class Turn(msgspec.Struct, frozen=True):
    """What one exchange came to: `more` to do at once, or `failed`, then what to wait for.

    `link` is empty when nothing was exchanged. `retry_after_s`: when central wants the next one,
    after a success too. `moved`: bytes were acknowledged, so the link is there. `in_doubt`: all
    were, but no answer came.
    """

    more: bool = False
    failed: bool = False
    retry_after_s: float | None = None
    link: LinkState | Literal[""] = ""
    evidence: str = ""
    unknown_kiosk: bool = False
    smaller: bool = False
    limit: int | None = None
    moved: bool = False
    in_doubt: bool = False
