"""How long a test waits for what will come, and what a bar of seconds means on a machine that is slow or busy."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

Found = TypeVar("Found")

# Seconds. A machine may be paused for twenty, have one core and a slow disk; what comes early is never waited for.
PATIENCE: Final = 120.0
USUAL_S: Final = 0.05  # what BARE takes on an office's machine
BARE: Final = """
import os, tempfile
with tempfile.TemporaryFile(buffering=0) as file:
    for _ in range(3):
        file.write(b"x")
        os.fsync(file.fileno())
"""


def took(work: Callable[[], object]) -> float:
    """Seconds that it took."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


def slowness() -> float:
    """How many times as long as usual this machine takes, just now, to start a Python that writes to its disk."""
    bare = [took(lambda: subprocess.run([sys.executable, "-c", BARE], check=True)) for _ in range(3)]
    return max(1.0, max(bare) / USUAL_S)


def widened(is_so: Callable[[float], bool]) -> bool:
    """Whether it is so with a limit of 0.3 s, or with an ever longer one: for limits that a test must also exceed."""
    return any(is_so(limit_s) for limit_s in (0.3, 3.0, 30.0, PATIENCE))


def once_within(limit_s: float, seconds_of: Callable[[], float], tries: int = 8) -> bool:
    """Whether one of so many tries kept to the bar, widened by how slow the machine is beside it."""
    for _ in range(tries):
        seconds = seconds_of()
        if seconds <= limit_s or seconds <= limit_s * slowness():
            return True
    return False


def wait_until(done: Callable[[], Found], what: str, seconds: float = PATIENCE) -> Found:
    """Ask every 50 ms; the answer. Fails, naming `what`, when it never comes."""
    pause, until = threading.Event(), time.monotonic() + seconds
    while not (found := done()):
        if time.monotonic() > until:
            raise AssertionError(f"{what}: not within {seconds} s")
        pause.wait(0.05)
    return found
