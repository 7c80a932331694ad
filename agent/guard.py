"""The one catch-all of the background half: work that fails costs itself, nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

log: Final = logging.getLogger("rekam")


def guarded(name: str, work: Callable[[], object]) -> str:
    """Run `work`; what went wrong in a line, empty when nothing did. The log has the traceback."""
    try:
        work()
    except Exception as fault:
        log.exception("%s failed", name)
        return f"{type(fault).__name__}: {fault}"[:300]
    return ""
