"""The technician's page: what is waiting, how the link is, what the machine says of itself."""

from __future__ import annotations

from datetime import date

import msgspec
from flask import Blueprint
from werkzeug.wrappers import Response

from agent.status import status
from agent.version import VERSION
from kiosk_ui import queries
from kiosk_ui.kiosk import kiosk
from kiosk_ui.messages import Language
from kiosk_ui.pages import day_and_time, page, reader, when
from kiosk_ui.sessions import only_for
from kiosk_ui.status_shape import StatusAnswer

technician = Blueprint("technician", __name__)
technician.before_request(only_for("officer", "supervisor", "technician"))
GIGA = 1024**3
MEGA = 1024**2


@technician.get("/teknisi")
def show() -> Response:
    """Everything on one page."""
    here = kiosk()
    now = msgspec.convert(status(here.store, here.office), StatusAnswer)
    readings = queries.last_readings(here.store)
    return page(
        "technician.html",
        status=now,
        version=VERSION,
        when=when,
        day_label=reader().day(date.fromisoformat(now.queue_day.date)) if now.queue_day else "",
        readings=[
            (name, reading(reader(), name, value)) for name, value in (readings.values if readings else {}).items()
        ],
        read_at=day_and_time(readings.t) if readings else "",
    )


def reading(words: Language, name: str, value: float) -> str:
    """A reading in the unit that a person thinks in; the name's ending tells which it is."""
    if name == "central_reachable":
        return words.say("yes" if value else "no")
    if name.endswith("_percent"):
        return f"{words.number(value, 1)} %"
    if name.endswith("_s"):
        return words.duration(value)
    if name.startswith(("bytes_", "disk_", "memory_")):
        unit, size = ("GB", GIGA) if value >= GIGA else ("MB", MEGA)
        return f"{words.number(value / size, 1)} {unit}"
    return words.number(value, 0 if value == int(value) else 2)
