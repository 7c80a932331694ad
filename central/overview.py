"""What the first page shows: read it all, then order and word it."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from agent.clock import utc
from central import urgency
from central.keys import WARN_DAYS, seal_days_left
from central.opening import Central
from central.store import fleet
from central.store.fleet import KioskRow, VisitCount
from central.urgency import Holidays

PAGE: Final = 200
DAYS: Final = 14
UNITS: Final = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"))


class KioskLine(msgspec.Struct, frozen=True):
    """A kiosk as the table shows it."""

    row: KioskRow
    place: str
    seen: str
    seen_at: str
    is_silent: bool


def overview(central: Central, page: int) -> dict[str, Any]:
    """The template's values; who needs a call first stands first."""
    now = central.clock.wall_ms()
    with central.store.session() as database:
        rows = list(fleet.kiosks(database))
        visits = fleet.visits_by_day(database, DAYS)
        carried = fleet.carried(database)
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(page, 1), pages)
    holidays = urgency.holidays_of(central.published.holidays())
    shown = urgency.in_order(rows, now, holidays)[(page - 1) * PAGE : page * PAGE]
    return {
        "kiosks": [kiosk_line(row, central.regions.name(row.office), now, holidays) for row in shown],
        "totals": totals(rows, now, holidays),
        "carried": carried,
        "visits": matrix(visits),
        "page": page,
        "pages": pages,
        "now": utc(now).strftime("%Y-%m-%d %H:%M UTC"),
        "seal_days": seal_days_left(central.published.keys(), now),
        "warn_days": WARN_DAYS,
    }


def kiosk_line(row: KioskRow, place: str, now: int, holidays: Holidays) -> KioskLine:
    """The words for one kiosk."""
    age = max(0, now - row.last_seen)
    at = utc(row.last_seen).strftime("%Y-%m-%d %H:%M:%S UTC")
    return KioskLine(row, place, ago(age), at, urgency.is_silent(row, now, holidays))


def ago(ms: int) -> str:
    """How long ago, in the largest whole unit."""
    return next((f"{ms // size} {unit} ago" for size, unit in UNITS if ms >= size), "just now")


def totals(rows: list[KioskRow], now: int, holidays: Holidays) -> dict[str, int]:
    """The figures above the table."""
    approved = [row for row in rows if row.state == "approved"]
    return {
        "approved": len(approved),
        "pending": sum(row.state == "pending" for row in rows),
        "silent": sum(urgency.is_silent(row, now, holidays) for row in approved),
        "held": sum(row.held for row in rows),
        "backlog": sum(row.backlog for row in rows),
        "refused": sum(row.refused for row in rows),
        "lost": sum(row.lost for row in rows),
    }


def matrix(counts: list[VisitCount]) -> dict[str, Any]:
    """Visits by day (newest first) and service, over all offices, with the sum of each day."""
    services = sorted({count.service for count in counts})
    days: dict[str, dict[str, int]] = {}
    for count in counts:
        day = days.setdefault(count.date, dict.fromkeys(services, 0))
        day[count.service] += count.taken
    return {"services": services, "days": [(date, list(day.values()), sum(day.values())) for date, day in days.items()]}
