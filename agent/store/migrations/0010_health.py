"""What is remembered of each probe between rounds, outages, and when a device was last asked to prove itself."""

from typing import Any

STATEMENTS = (
    # JSON of agent.domain.health.Track; written only when it changes, because a round comes every minute.
    "CREATE TABLE track (probe TEXT PRIMARY KEY, track TEXT NOT NULL) STRICT, WITHOUT ROWID",
    # The boot and its clock at a round: with them a step of the wall clock between two rounds is seen.
    "ALTER TABLE reading ADD COLUMN boot INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE reading ADD COLUMN m INTEGER NOT NULL DEFAULT 0",
    # JSON probe → state as that round showed it, for the quarter hour's sum.
    "ALTER TABLE reading ADD COLUMN states TEXT NOT NULL DEFAULT '{}'",
    # Each time that a probe was bad, once, with all that is told of it: page, doctor, metrics and line agree.
    """CREATE TABLE outage (
        number INTEGER PRIMARY KEY,
        probe TEXT NOT NULL,
        code TEXT NOT NULL,                         -- the newest symptom
        severity TEXT NOT NULL,                     -- the worst
        last_good_t INTEGER NOT NULL,               -- 0: it was never seen well
        first_bad_t INTEGER NOT NULL,
        back_t INTEGER,
        for_s INTEGER,                              -- kept apart from the times: the clock may step meanwhile
        evidence TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX outage_of_probe ON outage (probe, number)",
    # What somebody tried out on purpose: `ok` 1 or 0, `by` an officer's number.
    """CREATE TABLE self_test (
        number INTEGER PRIMARY KEY,
        device TEXT NOT NULL,
        t INTEGER NOT NULL,
        ok INTEGER NOT NULL,
        by INTEGER NOT NULL
    ) STRICT""",
)


def up(migrator: Any, db: Any) -> None:
    """Make the tables and columns."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
