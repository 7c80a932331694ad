"""Each suspension and return of this kiosk; the newest row is how it stands now."""

from typing import Any

STATEMENTS = (
    """CREATE TABLE kiosk_change (
        number INTEGER PRIMARY KEY,
        t INTEGER NOT NULL,
        was TEXT NOT NULL,
        state TEXT NOT NULL,
        reason TEXT NOT NULL,
        by INTEGER NOT NULL                         -- an officer's number, 0 the command line
    ) STRICT""",
)


def up(migrator: Any, db: Any) -> None:
    """Make the table."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
