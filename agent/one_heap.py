"""All threads of a process share one heap: a dozen that hardly ever work at once need no heap each."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import Final

ARENA_MAX: Final = -8  # M_ARENA_MAX of malloc.h


def share() -> None:
    """Before the first thread is made. By default glibc keeps up to eight heaps a core, and what each grew to.

    Eight megabytes of private memory in a kiosk after a day; another C library has no such call, and no such habit.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(ARENA_MAX, 1)
