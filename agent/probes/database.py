"""The database file: its size by the minute, its soundness by the day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agent.store import rescue
from agent.store.database import DATABASE, Store

CHECKED_EVERY_S: Final = 86_400.0


def read(store: Store) -> Mapping[str, float]:
    """database_bytes, and wal_bytes of its write-ahead log."""
    file = store.home / DATABASE
    wal = file.with_name(f"{file.name}-wal")
    return {"database_bytes": file.stat().st_size, "wal_bytes": wal.stat().st_size if wal.exists() else 0}


def read_sound(store: Store) -> Mapping[str, float]:
    """database_sound, 1 or 0: SQLite reads the whole file."""
    return {"database_sound": float(rescue.is_sound(store))}
