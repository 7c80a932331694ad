"""By which carrier each batch came, for the page that accounts for the lines."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the column; what came before it came by the link or by a stick, and nobody wrote down which."""
    db.execute_sql("ALTER TABLE frame ADD COLUMN carrier TEXT NOT NULL DEFAULT ''")
