"""Leaves word on the RAM disk that the citizens' screen stands still; a unit of root's then starts it anew."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

FILE: Final = "run/browser-again"
WARNING: Final = "browser-silent"


def leave(home: Path, *, is_needed: bool) -> None:
    """Leave the word, or take it away; a full or missing RAM disk costs only this."""
    with suppress(OSError):
        if is_needed:
            (home / FILE).touch()
        else:
            (home / FILE).unlink(missing_ok=True)
