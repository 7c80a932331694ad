"""When each device was last seen to work, by visits and by trials: one that is long unused is asked to prove itself."""

from __future__ import annotations

from agent.clock import local
from agent.domain import self_test
from agent.domain.health_rules import PRINTER
from agent.office import Office
from agent.store.database import Store


def unused_days(store: Store, office: Office, device: str) -> int:
    """Working days since the device was last used or tried with success; since the first queue day where never."""
    times = [t for t in (last_use(store, device), last_test(store, device)[0], first_day(store)) if t]
    if not times:
        return 0
    today = local(store.clock.wall_ms(), office.zone).date()
    return self_test.unused_days(local(max(times), office.zone).date(), today, office.hours.is_working_day)


def has_failed(store: Store, device: str) -> bool:
    """Whether the newest trial failed, and nobody has used the device since."""
    tried, ok = last_test(store, device, ok_only=False)
    return bool(tried) and not ok and (last_use(store, device) or 0) < tried


def last_use(store: Store, device: str) -> int | None:
    """When a visit last showed it to work, ms UTC."""
    found: int | None
    if device == PRINTER:
        found = store.rows("SELECT max(taken_t) FROM visit WHERE print = 'printed'")[0][0]
        return found
    outcome, services = self_test.use_of(device)
    marks = f" AND service IN ({','.join('?' * len(services))})" if services else ""
    found = store.rows(f"SELECT max(finished_t) FROM visit WHERE outcome = ?{marks}", outcome, *services)[0][0]  # noqa: S608
    return found


def last_test(store: Store, device: str, *, ok_only: bool = True) -> tuple[int, bool]:
    """When it was last tried, ms UTC, 0 for never, and whether it worked."""
    rows = store.rows(
        "SELECT t, ok FROM self_test WHERE device = ? AND ok >= ? ORDER BY number DESC LIMIT 1", device, int(ok_only)
    )
    return (rows[0][0], bool(rows[0][1])) if rows else (0, False)


def first_day(store: Store) -> int | None:
    """When the first queue day was opened, ms UTC."""
    found: int | None = store.rows("SELECT min(opened_t) FROM queue_day")[0][0]
    return found
