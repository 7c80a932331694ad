"""Which kiosk needs a call first: pure, by what central holds before anybody rings."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import date
from functools import cache
from typing import Final

import msgspec

from agent.clock import DAY_MS
from agent.domain import health_rules
from agent.domain.custody import offset_ms
from agent.domain.regions import EVERYWHERE, zone_of
from agent.domain.sent_settings import Holiday
from agent.errors import BadData
from agent.settings_health import LimitSettings
from central.store.fleet import KioskRow

EPOCH: Final = date(1970, 1, 1)
SILENT_MS: Final = DAY_MS
LONG_MS: Final = 14 * DAY_MS  # whatever days were in it, that is silence
THURSDAY, SATURDAY = 3, 5  # counted from Monday; 1 January 1970 was a Thursday
PENDING, SILENT, DOWN, WARNED, WELL, AWAY = range(6)


@cache
def severities() -> dict[str, str]:
    """How bad each warning is, by its code; of a code that several rules give, the worst."""
    found: dict[str, str] = {}
    for rule in health_rules.rules(LimitSettings()):
        found[rule.code] = min(rule.severity, found.get(rule.code, "warn"))
    return found


def worst(codes: Iterable[str]) -> int:
    """How much warnings press; one that nobody knows here yet counts as a mild one."""
    known = [severities().get(code, "warn") for code in codes]
    return DOWN if "down" in known else WARNED if known else WELL


class Holidays(msgspec.Struct, frozen=True):
    """Dates without service by the area they are for, each as days since 1970."""

    by_area: dict[str, frozenset[int]] = {}

    def of(self, office: str) -> frozenset[int]:
        """Those of a kecamatan, PP.KK.CC: its own, its regency's, its province's, everybody's."""
        parts = office.split(".")
        areas = (EVERYWHERE, *(".".join(parts[:length]) for length in range(1, len(parts) + 1)))
        return frozenset().union(*(self.by_area.get(area, ()) for area in areas))


def holidays_of(sent: Iterable[Holiday]) -> Holidays:
    """The holidays that central publishes, ready to be asked for thousands of offices."""
    by_area: dict[str, set[int]] = {}
    for each in sent:
        by_area.setdefault(each.area, set()).add((each.date - EPOCH).days)
    return Holidays({area: frozenset(days) for area, days in by_area.items()})


def is_silent(row: KioskRow, now: int, holidays: Holidays) -> bool:
    """Whether a kiosk that should speak has not for a day's length of working days."""
    if row.state != "approved" or now - row.last_seen < SILENT_MS:
        return False
    return working_ms(row.last_seen, now, zone_offset(row.office), holidays.of(row.office)) >= SILENT_MS


@cache
def zone_offset(office: str) -> int:
    """How far an office's clock is ahead of UTC, in ms; none for a code of no province."""
    try:
        return offset_ms(zone_of(office))
    except BadData:
        return 0


def working_ms(since: int, until: int, offset: int, holidays: Container[int] = ()) -> int:
    """How much of a stretch, ms UTC, lies on Mondays to Fridays, no holidays, of a clock that is `offset` ms ahead."""
    start, end = since + offset, until + offset
    if end - start > LONG_MS:
        return end - start
    days = range(start // DAY_MS, end // DAY_MS + 1)
    working = (day for day in days if (day + THURSDAY) % 7 < SATURDAY and day not in holidays)
    return sum(min(end, (day + 1) * DAY_MS) - max(start, day * DAY_MS) for day in working)


def pressing(row: KioskRow, now: int, holidays: Holidays) -> int:
    """Its place in the order: who waits for approval, who is silent, who is down, who is warned, the rest."""
    if row.state == "pending":
        return PENDING
    if row.state != "approved":
        return AWAY
    return SILENT if is_silent(row, now, holidays) else worst(row.status.warnings if row.status else ())


def in_order(rows: Iterable[KioskRow], now: int, holidays: Holidays) -> list[KioskRow]:
    """Who needs a call first; of those who need it alike the longest silent."""
    return sorted(rows, key=lambda row: (pressing(row, now, holidays), row.last_seen))
