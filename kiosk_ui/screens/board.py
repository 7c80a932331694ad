"""The waiting room's board: no sign-in, nothing personal."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from agent.clock import local
from kiosk_ui import queries
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import clock_time, page, reader

board = Blueprint("board", __name__)


@board.get("/papan")
def show() -> Response:
    """Who is called where, and the time."""
    here = kiosk()
    now = here.store.clock.wall_ms()
    today = local(now, here.office.zone).date()
    told = queries.board(here.store)
    names = {name: reader().of(service.name) for name, service in here.office.services.items()}
    return page(
        "board.html",
        board=told,
        disturbed=[names.get(each.service, each.service) for each in told.disturbed],
        clock=clock_time(now),
        today=f"{reader().weekday(today)}, {reader().day(today)}",
    )
