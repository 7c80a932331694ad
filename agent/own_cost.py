"""What this process takes of the machine, by the kernel's own sum; no library is loaded for it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

ROLLUP: Final = Path("/proc/self/smaps_rollup")
KB: Final = 1024


def own_cost(rollup: Path = ROLLUP) -> dict[str, float]:
    """rss_bytes, uss_bytes (private memory) and fds, open files; what the kernel does not tell is left out."""
    found: dict[str, float] = {}
    with suppress(OSError):
        found["fds"] = float(len(os.listdir("/proc/self/fd")))  # noqa: PTH208 — a number is wanted, not paths
    with suppress(OSError, ValueError, IndexError):
        lines = [line.split() for line in rollup.read_text().splitlines()[1:]]
        sizes = {words[0].rstrip(":"): int(words[1]) * KB for words in lines}
        found["rss_bytes"] = float(sizes.get("Rss", 0))
        found["uss_bytes"] = float(sizes.get("Private_Clean", 0) + sizes.get("Private_Dirty", 0))
    return found
