"""The time that somebody wrote on paper, as people type it: 8, 815, 08.15, 8:15."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

_TYPED: Final = re.compile(r"([0-9]{1,2})(?:[.:, ]?([0-9]{2}))?\Z")


def read_time(text: str) -> time | None:
    """The time of day that was typed; None for what is no time."""
    found = _TYPED.match(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def wall_ms(day: date, at: time, zone: str) -> int:
    """That time of that day in an IANA zone, in ms UTC."""
    return int(datetime.combine(day, at, tzinfo=ZoneInfo(zone)).timestamp() * 1000)
