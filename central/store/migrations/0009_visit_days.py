"""Indexes by which the newest days are found and counted without reading every visit ever taken."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Create them; that of visits holds all that is counted, or SQLite would rather read a whole ledger."""
    db.execute_sql("CREATE INDEX visit_day ON visit (ledger, day, office, service, taken, outcome)")
    db.execute_sql("CREATE INDEX queue_day_date ON queue_day (date)")
