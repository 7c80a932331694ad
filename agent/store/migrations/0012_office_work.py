"""The office's own work: stock, trips to villages, reasons of visits, and who is old enough to vote."""

from typing import Any

STATEMENTS = (
    # Visits by the order in which they ended: clocks step, and a count of the stock must know what came after it.
    "ALTER TABLE visit ADD COLUMN ended INTEGER",
    "ALTER TABLE visit ADD COLUMN reason TEXT",
    "ALTER TABLE visit ADD COLUMN trip INTEGER",
    "CREATE INDEX visit_ended ON visit (ended, service, outcome)",
    "CREATE INDEX visit_of_trip ON visit (trip) WHERE trip IS NOT NULL",
    # What came in, was spoiled or counted. What was used is told by the outcomes of visits, and stands nowhere else.
    """CREATE TABLE stock_move (
        number INTEGER PRIMARY KEY,
        item TEXT NOT NULL,
        what TEXT NOT NULL,                         -- received, spoiled, counted
        change INTEGER NOT NULL,                    -- to the book; of a count its difference
        left INTEGER NOT NULL,                      -- the book after it
        mark INTEGER NOT NULL,                      -- visits that had ended before it
        reason TEXT NOT NULL,
        by INTEGER NOT NULL,
        t INTEGER NOT NULL,
        request_id TEXT NOT NULL UNIQUE             -- a double tap is one movement
    ) STRICT""",
    "CREATE INDEX stock_of_item ON stock_move (item, what, number)",
    # Trips to villages. (ledger, n) of the trip.opened line is a trip's lasting name.
    """CREATE TABLE trip (
        number INTEGER PRIMARY KEY,
        ledger TEXT NOT NULL,
        n INTEGER NOT NULL,
        village TEXT NOT NULL,
        place TEXT NOT NULL,
        purpose TEXT NOT NULL,
        date TEXT NOT NULL,
        by INTEGER NOT NULL,
        opened_t INTEGER NOT NULL,
        closed_t INTEGER,
        UNIQUE (ledger, n)
    ) STRICT""",
    # Whether the person of a visit is old enough for a day of voting: a word for each day, never a date of birth.
    """CREATE TABLE vote_age (
        visit INTEGER NOT NULL REFERENCES visit,
        voting_date TEXT NOT NULL,
        old_enough INTEGER NOT NULL,
        PRIMARY KEY (visit, voting_date)
    ) STRICT, WITHOUT ROWID""",
)


def up(migrator: Any, db: Any) -> None:
    """Make the tables and columns."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
