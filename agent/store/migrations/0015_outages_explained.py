"""What lay behind an outage that is over."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the code of the warning that explains it; NULL where nothing does, and while it lasts."""
    db.execute_sql("ALTER TABLE outage ADD COLUMN explained_by TEXT")
