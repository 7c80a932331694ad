"""What people are told of disturbances, and lists for another day; nothing personal in either."""

from typing import Any

STATEMENTS = (
    # A disturbance is kept when it is over: reports say how long each service was disturbed.
    """CREATE TABLE notice (
        number INTEGER PRIMARY KEY,
        what TEXT NOT NULL,
        services TEXT NOT NULL,                     -- JSON
        since_t INTEGER NOT NULL,
        by INTEGER NOT NULL,                        -- 0 the agent
        proposed INTEGER NOT NULL,                  -- 1 until an officer confirms what the agent saw
        cleared_t INTEGER,
        cleared_by INTEGER,
        cleared_round INTEGER                       -- the newest round of readings then
    ) STRICT""",
    "CREATE INDEX open_notice ON notice (cleared_t)",
    # Places on a list: for another day at the office, or for a visit to the village.
    """CREATE TABLE listing (
        number INTEGER PRIMARY KEY,
        visit INTEGER NOT NULL UNIQUE REFERENCES visit,
        list TEXT NOT NULL,
        service TEXT NOT NULL,
        village TEXT NOT NULL,
        date TEXT NOT NULL,                         -- empty until it is fixed
        made_t INTEGER NOT NULL,
        print TEXT NOT NULL,
        print_t INTEGER NOT NULL
    ) STRICT""",
)


def up(migrator: Any, db: Any) -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
