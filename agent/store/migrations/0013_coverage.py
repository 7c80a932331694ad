"""Published figures of coverage, as they were entered."""

from typing import Any

STATEMENTS = (
    # A figure that contradicts itself is kept as published, with its faults, and counts nowhere.
    """CREATE TABLE figure (
        number INTEGER PRIMARY KEY,
        measure TEXT NOT NULL,
        count INTEGER NOT NULL,
        base TEXT NOT NULL,
        base_count INTEGER,                         -- how many the base has, where that was published
        snapshot TEXT NOT NULL,                     -- YYYY-MM-DD
        said_on TEXT NOT NULL,
        source TEXT NOT NULL,
        percent TEXT,                               -- as printed, so that its decimals stay
        remainder INTEGER,
        remainder_percent TEXT,
        faults TEXT NOT NULL,                       -- JSON
        entered_t INTEGER NOT NULL,
        by INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX figure_of_measure ON figure (measure, snapshot)",
)


def up(migrator: Any, db: Any) -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
