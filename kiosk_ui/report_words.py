"""What a report's words and numbers read, and which list a number opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final
from urllib.parse import urlencode

from agent import warning_words
from agent.actions import trips
from agent.domain.period import Period
from agent.domain.report_books import BookName, Count
from agent.domain.report_cells import Cell, Label, Value
from agent.office import OUTSIDE, UNKNOWN
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import reader

PATHS: Final[Mapping[BookName, str]] = {
    "visits": "kunjungan", "outages": "gangguan", "machine": "mesin", "stock": "stok", "ratings": "penilaian",
    "coverage": "cakupan", "trips": "laptop",
}  # fmt: skip
KEYS: Final = {
    "group": "group.", "outcome": "outcome.", "state": "state.", "reason": "why.", "what": "notice.",
    "measure": "measure.", "base": "base.", "mark": "survey.mark.", "topic": "survey.of.", "about": "survey.of.",
    "verdict": "report.verdict.", "line": "lines.", "column": "report.column.", "spoiled": "stock.spoiled.",
    "purpose": "trip.purpose.",
}  # fmt: skip


def list_of(count: Count, period: Period) -> str:
    """The address of the list behind a number."""
    return f"/laporan/daftar/{PATHS[count.book]}?{urlencode({'period': period.name, **count.where})}"


def said(label: Label) -> str:
    """A word of a report in the reader's language; what nobody knows any more stands as it is."""
    known = NAMES.get(label.kind)
    if known is not None:
        return known(label.name)
    key = KEYS.get(label.kind, "") + label.name
    return reader().say(key) if reader().has(key) else label.name


def service_name(name: str) -> str:
    """A service as citizens read it."""
    services = kiosk().office.services
    return reader().of(services[name].name) if name in services else name


def item_name(name: str) -> str:
    """Something kept in stock."""
    items = kiosk().office.stock.items
    return reader().of(items[name].name) if name in items else name


def village_name(code: str) -> str:
    """A village by name; what a code that is no longer known stands for is the code."""
    known = kiosk().office.regions.village(code)
    if known:
        return known.name
    return reader().say(f"village.{code}") if code in (OUTSIDE, UNKNOWN) else code


def day_name(name: str) -> str:
    """A date in words."""
    try:
        return reader().day(date.fromisoformat(name))
    except ValueError:
        return name


def month_name(name: str) -> str:
    """`November 2024` for 2024-11."""
    return " ".join(day_name(f"{name}-01").split()[1:]) or name


def hour_name(hour: str) -> str:
    """`Pukul 08`."""
    return reader().say("report.hour", jam=hour.zfill(2))


def warning_name(name: str) -> str:
    """What was down, in the words of its warning."""
    code, _, probe = name.partition(" ")
    known = code in warning_words.warning_table().warning
    return warning_words.said(code, probe, reader().code).title if known else name


def series_name(letter: str) -> str:
    """`Nomor A`."""
    return reader().say("lines.series", huruf=letter)


def trip_place(number: str) -> str:
    """Where a trip went."""
    places = {str(each.number): each.place for each in trips.trips(kiosk().store, -1)}
    return places.get(number, number)


NAMES: Final[Mapping[str, Callable[[str], str]]] = {
    "service": service_name, "item": item_name, "village": village_name, "day": day_name, "month": month_name,
    "hour": hour_name, "warning": warning_name, "trip": trip_place, "series": series_name,
}  # fmt: skip


def shown(cell: Cell) -> str:
    """A cell as people read it; a dash for what is not known or is nothing."""
    if isinstance(cell, Label):
        return said(cell)
    if isinstance(cell, Value):
        return "–" if cell.number is None else reader().number(cell.number, cell.decimals)
    return reader().number(cell.number) if cell.number else "–"


def plain(cell: Cell) -> object:
    """A cell for a spreadsheet: numbers without separators of thousands, codes instead of names of services."""
    if isinstance(cell, Label):
        return cell.name if cell.kind in ("service", "village", "day", "month", "item") else said(cell)
    if isinstance(cell, Value):
        mark = reader().say("format.decimal")
        return "" if cell.number is None else f"{cell.number:.{cell.decimals}f}".replace(".", mark)
    return cell.number
