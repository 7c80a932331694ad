"""Rosters: digests that name nobody, how a list was taken in, and who was met by an officer's word."""

from typing import Any

STATEMENTS = (
    # `secret` keys the digests; it goes with the roster, and neither is in a backup.
    """CREATE TABLE roster (
        number INTEGER PRIMARY KEY,
        title TEXT NOT NULL,
        purpose TEXT NOT NULL,
        expires TEXT NOT NULL,                      -- YYYY-MM-DD
        secret BLOB NOT NULL,
        bits INTEGER NOT NULL,                      -- of each digest; 0 until the list is complete
        state TEXT NOT NULL,                        -- loading, ready or refused
        seen INTEGER NOT NULL,                      -- rows looked at
        refused INTEGER NOT NULL,
        faults TEXT NOT NULL,                       -- JSON: the first refused rows and why
        made_t INTEGER NOT NULL,
        by INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE roster_person (
        roster INTEGER NOT NULL REFERENCES roster,
        digest INTEGER NOT NULL,
        village TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX roster_digest ON roster_person (roster, digest)",
    """CREATE TABLE roster_match (
        roster INTEGER NOT NULL,
        visit INTEGER NOT NULL REFERENCES visit,
        village TEXT NOT NULL,
        PRIMARY KEY (roster, visit)
    ) STRICT""",
)


def up(migrator: Any, db: Any) -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
