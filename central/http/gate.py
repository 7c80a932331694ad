"""So many takings at once and no more: what waits too long is told to come back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from central.http.problems import Busy

WAIT_S: Final = 2.0


class Gate:
    """Lets a bounded number of takings through."""

    def __init__(self, most: int, wait_s: float = WAIT_S) -> None:
        self._free = threading.BoundedSemaphore(most)
        self._wait_s = wait_s

    @contextmanager
    def passage(self) -> Iterator[None]:
        """One taking; raises Busy `busy` when none becomes free in time."""
        if not self._free.acquire(timeout=self._wait_s):
            raise Busy("busy", "this receiver is taking in as much as it can; send the same batch again later")
        try:
            yield
        finally:
            self._free.release()
