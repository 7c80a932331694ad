"""Which kiosk needs a call first: pure, by what central holds before anybody rings."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from agent.domain import health_rules
from agent.settings_health import LimitSettings
from central.store.fleet import KioskRow

SILENT_MS: Final = 24 * 3_600_000
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


def is_silent(row: KioskRow, now: int) -> bool:
    """Whether a kiosk that should speak has not for a day."""
    return row.state == "approved" and now - row.last_seen >= SILENT_MS


def pressing(row: KioskRow, now: int) -> int:
    """Its place in the order: who waits for approval, who is silent, who is down, who is warned, the rest."""
    if row.state == "pending":
        return PENDING
    if row.state != "approved":
        return AWAY
    return SILENT if is_silent(row, now) else worst(row.status.warnings if row.status else ())


def in_order(rows: Iterable[KioskRow], now: int) -> list[KioskRow]:
    """Who needs a call first; of those who need it alike the longest silent."""
    return sorted(rows, key=lambda row: (pressing(row, now), row.last_seen))
