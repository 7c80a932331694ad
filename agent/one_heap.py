"""What keeps a process of a dozen threads small: one heap for all of them, and what is free is given back."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress
from typing import Final

ARENA_MAX: Final = -8  # M_ARENA_MAX of malloc.h


def share() -> None:
    """Before the first thread is made. By default glibc keeps up to eight heaps a core, and what each grew to.

    Eight megabytes of private memory in a kiosk after a day; another C library has no such call, and no such habit.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(ARENA_MAX, 1)


def settle() -> None:
    """After the start: what it made stays, so the collector never looks through the modules again."""
    give_back()
    gc.freeze()


def give_back() -> None:
    """Collect what is garbage and give free memory back to the kernel; some milliseconds after `settle`, not before."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
