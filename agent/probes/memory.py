"""How much memory is left."""

from __future__ import annotations

from collections.abc import Mapping


def read() -> Mapping[str, float]:
    """memory_available in bytes, memory_percent in use, swap_percent in use."""
    import psutil

    memory = psutil.virtual_memory()
    return {
        "memory_available": memory.available,
        "memory_percent": memory.percent,
        "swap_percent": psutil.swap_memory().percent,
    }
