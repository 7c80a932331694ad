"""One user of the ticket printer at a time, and a ticket goes before a question."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

T = TypeVar("T")
LONGEST_QUESTION_S: Final = 2.0  # a question that hangs costs a ticket no more than this


class Port:
    """Shared by the thread that prints and the probe that asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted = threading.Event()

    def printing(self, work: Callable[[], T]) -> T:
        """Do `work` with the printer to itself; a question under way breaks off."""
        self._wanted.set()
        mine = self._lock.acquire(timeout=LONGEST_QUESTION_S)
        try:
            return work()
        finally:
            self._wanted.clear()
            if mine:
                self._lock.release()

    @property
    def is_wanted(self) -> bool:
        """Whether a ticket waits, or is being printed."""
        return self._wanted.is_set()

    @contextmanager
    def asking(self) -> Iterator[bool]:
        """Whether the printer is free for a question now."""
        mine = self._lock.acquire(blocking=False)
        try:
            yield mine and not self.is_wanted
        finally:
            if mine:
                self._lock.release()
