"""Labels that kiosks write, made fit for any database."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 200


def label(text: str) -> str:
    """The text without NUL, which PostgreSQL does not take, and without its thousandth letter."""
    return text.replace("\0", "\ufffd")[:LONGEST]
