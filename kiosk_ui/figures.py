"""Numbers and dates as people of an office type them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from agent.errors import BadData

_WHOLE: Final = re.compile(r"\d{1,3}(?:[ .,]\d{3})+|\d{1,10}", re.ASCII)
_PERCENT: Final = re.compile(r"(\d{1,4})(?:[.,](\d{1,4}))?\s*%?", re.ASCII)


def whole(typed: str, field: str) -> int | None:
    """`557.385`, `557,385`, `557 385` or `557385`; None where nothing was typed. Raises BadData `not-a-number`."""
    text = typed.strip()
    if not text:
        return None
    if not _WHOLE.fullmatch(text):
        raise BadData("not-a-number", "a whole number, such as 557.385", field=field)
    return int(re.sub(r"[ .,]", "", text))


def per_cent(typed: str, field: str) -> Decimal | None:
    """`99,71` or `99.71 %`, as exact as it was typed; None for nothing. Raises BadData `not-a-percentage`."""
    text = typed.strip()
    if not text:
        return None
    found = _PERCENT.fullmatch(text)
    if found is None:
        raise BadData("not-a-percentage", "a percentage, such as 99,71", field=field)
    return Decimal(f"{found[1]}.{found[2]}" if found[2] else found[1])


def day(typed: str, field: str) -> date:
    """`2024-11-20` as browsers send it, or `20-11-2024`, `20/11/2024`; raises BadData `not-a-date`."""
    parts = re.split(r"[-/. ]", typed.strip())
    if len(parts) == 3 and len(parts[2]) == 4:
        parts.reverse()
    try:
        year, month, of_month = (int(part) for part in parts)
        return date(year, month, of_month)
    except (ValueError, OverflowError) as fault:
        raise BadData("not-a-date", "a date, such as 20-11-2024", field=field) from fault
