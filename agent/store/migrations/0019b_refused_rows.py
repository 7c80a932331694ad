"""Every refused row of a roster is kept with its reason, also where none was taken in."""

from typing import Any

STATEMENTS = (
    """CREATE TABLE roster_refused (
        roster INTEGER NOT NULL REFERENCES roster,
        row INTEGER NOT NULL,                       -- from 1, as a spreadsheet shows it
        why TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX refused_of_roster ON roster_refused (roster, row)",
    "ALTER TABLE roster ADD COLUMN why TEXT NOT NULL DEFAULT ''",  # it was refused as a whole
    """INSERT INTO roster_refused SELECT number, value ->> 'row', value ->> 'why' FROM roster, json_each(faults)
        WHERE value ->> 'row' > 0""",
    """UPDATE roster SET why = coalesce(
        (SELECT value ->> 'why' FROM json_each(faults) WHERE value ->> 'row' = 0), '')""",
    "ALTER TABLE roster DROP COLUMN faults",
)


def up(migrator: Any, db: Any) -> None:
    """Change the tables."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
