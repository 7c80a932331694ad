"""The first page: what the office offers. No sign-in, no cookie."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from agent.actions import kiosk_life, tickets
from agent.domain.kiosk_life import ACTIVE
from kiosk_ui import offers, rest
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import page
from kiosk_ui.screens import citizen_wish

citizen = Blueprint("citizen", __name__)


@citizen.get("/")
def welcome() -> Response:
    """What the office offers, with the numbers that a family took already; while suspended, where else to go."""
    here, codes = kiosk(), citizen_wish.family()
    change = kiosk_life.last_change(here.store)
    if change is not None and change.state != ACTIVE:
        return page("suspended.html", change=change, open_hours=offers.open_hours())
    return page(
        "welcome.html",
        fresh=here.request_id(),
        open_hours=offers.open_hours(),
        closed=offers.is_closed(),
        marks=offers.marks(),
        widely_since=offers.widely_since(),
        slides=rest.slides(),
        told=offers.from_central(),
        family=codes,
        stale=citizen_wish.STALE in request.args,
        numbers=tickets.find_by_codes(codes.split(".")),
    )
