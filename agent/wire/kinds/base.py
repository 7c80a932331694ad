"""What all kinds share."""

from __future__ import annotations

import msgspec


class Kind(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of the data of every kind; KIND_NAMES gives the word in the line's `k`."""
