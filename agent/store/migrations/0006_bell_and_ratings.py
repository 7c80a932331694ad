"""The help bell at the counter, and what people think of the service; nothing personal in either."""

from typing import Any

STATEMENTS = (
    # At most one bell rings at a time; an answered one is deleted.
    "CREATE TABLE bell (only INTEGER PRIMARY KEY CHECK (only = 1), rung_t INTEGER NOT NULL) STRICT",
    # The row keeps a number from rating twice; the line does not say whose mark it is.
    """CREATE TABLE rating (
        visit INTEGER NOT NULL REFERENCES visit,
        about TEXT NOT NULL,
        day INTEGER NOT NULL,
        mark INTEGER NOT NULL,
        PRIMARY KEY (visit, about)
    ) STRICT""",
    "CREATE INDEX rating_of_day ON rating (day)",
)


def up(migrator: Any, db: Any) -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
