"""Officers who left: the account is closed and kept, because lines name it by its number."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the column."""
    db.execute_sql("ALTER TABLE officer ADD COLUMN closed_t INTEGER")  # ms UTC; none while the account is open
