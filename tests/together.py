"""Threads that begin at one moment and are changed as often as the interpreter can: races show."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from tests.patience import PATIENCE

Answer = TypeVar("Answer")


def together(count: int, work: Callable[[int], Answer]) -> list[Answer]:
    """What `work` gives for 0…count-1, each in a thread of its own."""
    start, usual = Barrier(count), sys.getswitchinterval()

    def begin(number: int) -> Answer:
        start.wait(PATIENCE)
        return work(number)

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(begin, range(count)))
    finally:
        sys.setswitchinterval(usual)
