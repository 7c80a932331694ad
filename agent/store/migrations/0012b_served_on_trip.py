"""Who was on a jemput bola list and was reached is no longer waited for."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the wall clock of the word that a place on a list is done, ms UTC."""
    db.execute_sql("ALTER TABLE listing ADD COLUMN served_t INTEGER")
