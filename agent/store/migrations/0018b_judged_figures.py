"""A figure is judged again when another one comes; central is told of what changed."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add which faults central was told of last, a JSON list of words; empty: those at entry."""
    db.execute_sql("ALTER TABLE figure ADD COLUMN told TEXT NOT NULL DEFAULT ''")
