"""Today in numbers, for the people of this office: exact."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, g, redirect
from werkzeug.wrappers import Response

from agent.actions import day as days
from agent.domain import visits
from agent.errors import Conflict, NotAllowed
from kiosk_ui import queries
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import page
from kiosk_ui.sessions import only_for

report = Blueprint("report", __name__, url_prefix="/laporan")
report.before_request(only_for("officer", "supervisor", "technician"))
STILL_HERE: Final = (visits.WAITING, visits.CALLED, visits.HELD)


@report.get("")
def show() -> Response:
    """Counts by service and by outcome of the newest day."""
    store = kiosk().store
    day = days.newest_day(store)
    counts = queries.counts(store, day.number) if day is not None else {}
    order = list(kiosk().office.services)
    names = sorted({name for name, _ in counts}, key=lambda name: order.index(name) if name in order else len(order))
    services = {name: {word: n for (service, word), n in counts.items() if service == name} for name in names}
    outcomes = {word: sum(n for (_, each), n in counts.items() if each == word) for word in visits.OUTCOMES}
    return page(
        "report.html",
        day=day,
        services=services,
        outcomes={word: n for word, n in outcomes.items() if n},
        states=STILL_HERE,
        total=sum(counts.values()),
    )


@report.post("/tutup")
def close() -> Response:
    """A supervisor closes the day; whoever is left did not show up."""
    if g.officer.role != "supervisor":
        raise NotAllowed("forbidden", "a supervisor closes the day")
    try:
        days.close_day(kiosk().store, g.officer.number)
    except Conflict:
        return redirect("/laporan", 303)
    kiosk().wake_agent()
    return redirect("/laporan", 303)
