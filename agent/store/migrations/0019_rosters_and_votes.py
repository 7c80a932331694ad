"""A roster's number is given once and its key lies outside the database; words on age by what a vote asks."""

from pathlib import Path
from typing import Any

from agent.store import roster_keys

STATEMENTS = (
    "ALTER TABLE roster RENAME TO roster_before",
    "ALTER TABLE roster_person RENAME TO roster_person_before",
    # Lines name a roster by its number: the next one must never get that of one that is gone.
    """CREATE TABLE roster (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        title TEXT NOT NULL,
        purpose TEXT NOT NULL,
        expires TEXT NOT NULL,                      -- YYYY-MM-DD
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
    """INSERT INTO roster SELECT number, title, purpose, expires, bits, state, seen, refused, faults, made_t, by
        FROM roster_before""",
    "INSERT INTO roster_person SELECT roster, digest, village FROM roster_person_before",
    "DROP TABLE roster_person_before",
    "DROP TABLE roster_before",
    "CREATE INDEX roster_digest ON roster_person (roster, digest)",
    # Who was met: one person counts at one visit. None for matches of before.
    "ALTER TABLE roster_match ADD COLUMN digest INTEGER",
    # Votes that ask for the same age on the same day share a word, such as 2024-11-27.17: a repeated vote that is
    # announced later finds it. Until now it stood under the day of voting, which mostly is the day that counts.
    "ALTER TABLE vote_age RENAME COLUMN voting_date TO reference",
    "UPDATE vote_age SET reference = reference || '.17'",
)


def up(migrator: Any, db: Any) -> None:
    """Take the keys out, then change the tables."""
    home = Path(db.database).parent.parent
    for number, secret in db.execute_sql("SELECT number, secret FROM roster").fetchall():
        roster_keys.put(home, number, secret)
        roster_keys.file_of(home, number).chmod(0o640)  # the agent may be first to start, and the kiosk reads it
    for statement in STATEMENTS:
        db.execute_sql(statement)
