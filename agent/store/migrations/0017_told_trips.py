"""Trips of the kecamatan's other devices, as central or their own signed files tell of them; what a trip stated."""

from typing import Any

STATEMENTS = (
    # People served on a trip without a number of this kiosk, as an officer said when it was closed.
    "ALTER TABLE trip ADD COLUMN stated INTEGER NOT NULL DEFAULT 0",
    # Beside our own trips and never among them: each counts in no total of this office.
    """CREATE TABLE told_trip (
        ledger TEXT NOT NULL,                       -- of the other device
        n INTEGER NOT NULL,
        village TEXT NOT NULL,
        place TEXT NOT NULL,
        purpose TEXT NOT NULL,
        date TEXT NOT NULL,
        people INTEGER NOT NULL,
        closed INTEGER NOT NULL,
        by_central INTEGER NOT NULL,                -- 0: only the device's own file told of it
        PRIMARY KEY (ledger, n)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX told_trip_date ON told_trip (date)",
    # The last date on which another device served somebody of a village.
    """CREATE TABLE told_village (
        village TEXT NOT NULL PRIMARY KEY,
        date TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    # Whose files are believed: devices that central names, and those whose code a supervisor compared (by).
    """CREATE TABLE kit_device (
        thumbprint TEXT NOT NULL PRIMARY KEY,
        by INTEGER,                                 -- NULL: central said so
        t INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
)


def up(migrator: Any, db: Any) -> None:
    """Make the tables and the column."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
