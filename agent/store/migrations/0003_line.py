"""The line: every call by number, who was absent, which counters are open, what people were told."""

from typing import Any

STATEMENTS = (
    # Calls by number: wall clocks step, and a call is spoken after those before it.
    """CREATE TABLE call (
        number INTEGER PRIMARY KEY,
        day INTEGER NOT NULL REFERENCES queue_day,
        visit INTEGER NOT NULL REFERENCES visit,
        service TEXT NOT NULL,
        priority INTEGER NOT NULL,
        counter INTEGER NOT NULL,
        t INTEGER NOT NULL,
        again INTEGER NOT NULL                      -- calls of the same number before this one
    ) STRICT""",
    "CREATE INDEX call_of_day ON call (day, number)",
    # Counters that officers declared since the day began; `services` is JSON, [] for all.
    """CREATE TABLE counter (
        number INTEGER PRIMARY KEY,
        services TEXT NOT NULL,
        opened_t INTEGER NOT NULL,
        closed_t INTEGER
    ) STRICT""",
    "ALTER TABLE visit ADD COLUMN due INTEGER NOT NULL DEFAULT 0",  # called again when so many calls were made that day
    # Whoever waits is found and counted without a look at the rows: it happens with every number that is given.
    "CREATE INDEX visit_in_line ON visit (day, state, service, priority, due)",
    "ALTER TABLE visit ADD COLUMN promised_low INTEGER",  # minutes, as told when the number was taken
    "ALTER TABLE visit ADD COLUMN promised_high INTEGER",
)


def up(migrator: Any, db: Any) -> None:
    """Make the tables and columns."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
