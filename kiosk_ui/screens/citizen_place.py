"""Another day, or the village's own visit, when waiting makes no sense: no NIK, only a day and a village."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from flask import Blueprint
from werkzeug.wrappers import Response

from agent.actions import lists
from agent.actions.lists import ListName
from agent.domain.hours import next_working_day
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import reader, today
from kiosk_ui.screens.citizen_wish import Wish, start_again, step, wish

citizen_place = Blueprint("citizen_place", __name__)
DAYS_OFFERED: Final = 5


@citizen_place.get("/jadwal")
def places() -> Response:
    """The days that may be chosen, and the visit to the village."""
    chosen = wish()
    return start_again() if chosen is None else ask_place(chosen)


def ask_place(chosen: Wish, status: int = 200, fault: str = "") -> Response:
    """The next working days by name, and the visit to the village; `fault` says why it cannot be today."""
    wanted_anew = chosen.having(place="", nik="")
    return step("place.html", wanted_anew, status, days=days(), outreach=lists.OUTREACH, fault=fault)


def days() -> list[tuple[str, str]]:
    """Each day that may be chosen, as YYYY-MM-DD and in words."""
    words, known = reader(), [today()]
    for _ in range(DAYS_OFFERED):
        following = next_working_day(known[-1], kiosk().office.hours)
        known += [following] if following else []
    return [
        (day.isoformat(), f"{words.weekday(day)}, {words.day(day)}") for before, day in pairwise(known) if day > before
    ]


def wanted(place: str) -> tuple[ListName, str]:
    """The list and the date of what was chosen."""
    return (lists.OUTREACH, "") if place == lists.OUTREACH else ("day", place)
