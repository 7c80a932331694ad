"""How old the newest copy of the database is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from agent.clock import Clock


def read(home: Path, clock: Clock) -> Mapping[str, float]:
    """backup_age_s; no reading before the first copy, which comes within a day."""
    times = [file.stat().st_mtime for file in (home / "data/backups").glob("*") if file.is_file()]
    return {"backup_age_s": abs(clock.wall_ms() / 1000 - max(times))} if times else {}
