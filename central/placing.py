"""Whether a carried line counts under the identity it had. Pure.

It does if that identity is free or has the same bytes. A line that the old ledger itself brought
comes before any carried one; among carriers the one whose ledger came first.
"""

from __future__ import annotations

from enum import Enum

import msgspec

Rank = tuple[int, str, str, int]  # when its ledger was first seen, ledger, stream, n


class Place(Enum):
    """Under which identity a carried line counts."""

    OLD = "old"
    NEW = "new"
    GIVES_WAY = "gives-way"  # under the old one, and the carried line that counts there has to move


class Holder(msgspec.Struct, frozen=True):
    """A carried line: the digest of what it quotes, and its rank among carriers."""

    digest: bytes
    rank: Rank


def place(line: Holder, original: bytes | None, holder: Holder | None, *, is_vouched: bool) -> Place:
    """Where `line` counts; `original` is the digest of the old ledger's own line, `holder` a carried one there."""
    if not is_vouched:
        return Place.NEW
    if original is not None:
        return Place.OLD if original == line.digest else Place.NEW
    if holder is None or holder.digest == line.digest:
        return Place.OLD
    return Place.GIVES_WAY if line.rank < holder.rank else Place.NEW
