"""How much room the office's disk has."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path


def read(home: Path) -> Mapping[str, float]:
    """disk_free and disk_total in bytes, of the file system that holds the database."""
    usage = shutil.disk_usage(home)
    return {"disk_free": usage.free, "disk_total": usage.total}
