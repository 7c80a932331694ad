"""Where a number came from when its whole line was moved, and which places on lists were handed over."""

from typing import Any

STATEMENTS = (
    "ALTER TABLE visit ADD COLUMN moved_from TEXT NOT NULL DEFAULT ''",  # a service; who came together goes back so
    "ALTER TABLE listing ADD COLUMN handed_t INTEGER",  # ms UTC; from then on others look after this person
)


def up(migrator: Any, db: Any) -> None:
    """Add the columns."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
