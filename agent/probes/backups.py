"""How old the newest copy of the database is."""

from __future__ import annotations

from collections.abc import Mapping

from agent.store import backup
from agent.store.database import Store


def read(store: Store) -> Mapping[str, float | str]:
    """backup_age_s; without a copy since the first queue day, because from then on there is something to lose."""
    times = [copy.stat().st_mtime for copy in backup.copies(store.home / backup.BACKUPS)]
    if times:
        return {"backup_age_s": abs(store.clock.wall_ms() / 1000 - max(times))}
    first = store.rows("SELECT opened_t FROM queue_day ORDER BY number LIMIT 1")
    return {"backup_age_s": abs(store.clock.wall_ms() - first[0][0]) / 1000, "said": "no copy"} if first else {}
