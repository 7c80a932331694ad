"""How lines left this machine, for the page that accounts for them."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Make the table."""
    # Numbers first…last went by this carrier, the newest of them at `t`; stretches that touch are one row.
    db.execute_sql(
        """CREATE TABLE handed_over (
            stream INTEGER NOT NULL REFERENCES stream,
            carrier TEXT NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            t INTEGER NOT NULL,                     -- wall clock, ms UTC
            PRIMARY KEY (stream, carrier, first)
        ) STRICT, WITHOUT ROWID"""
    )
