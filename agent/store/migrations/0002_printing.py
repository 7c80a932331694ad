"""When a ticket was last asked to be printed: what waits too long is not printed for nobody."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the wall clock of the wish, ms UTC; 0 stands for `taken_t`."""
    db.execute_sql("ALTER TABLE visit ADD COLUMN print_t INTEGER NOT NULL DEFAULT 0")
