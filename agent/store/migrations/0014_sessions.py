"""Sessions that end on the server too: a cookie that was kept opens nothing after signing out or a new PIN."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the column: grows by 1 whenever every session of an officer ends."""
    db.execute_sql("ALTER TABLE officer ADD COLUMN session INTEGER NOT NULL DEFAULT 1")
