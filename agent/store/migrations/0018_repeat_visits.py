"""Who says at the end that it is not the first time: a word of the visit, and of nobody's name."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add whether an officer ticked that the person came again for the same matter."""
    db.execute_sql("ALTER TABLE visit ADD COLUMN repeated INTEGER NOT NULL DEFAULT 0")
