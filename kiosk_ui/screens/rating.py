"""The one-touch survey on the page of a number."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from agent.actions import ratings, tickets
from agent.domain.ratings import topic
from agent.errors import BadData
from agent.store.models import Visit
from kiosk_ui.access import refuse_other_sites
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import address
from kiosk_ui.screens import citizen_wish
from kiosk_ui.screens.citizen_number import number_link

rating = Blueprint("rating", __name__)


@rating.app_template_global()
def asked_of(visit: Visit) -> str:
    """What the owner of a number is asked: a topic, empty after the answer."""
    return "" if ratings.is_rated(kiosk().store, visit) else topic(visit.state)


@rating.post("/nomor/<code>/nilai")
def rate(code: str) -> Response:
    """Keep the mark; the page of the number says thank you."""
    refuse_other_sites()
    visit = tickets.find_by_code(code)
    with suppress(BadData):  # only a page that is not ours asks for another mark
        mark = request.form.get("mark", "")
        ratings.rate(kiosk().store, visit, int(mark) if mark.isdecimal() and len(mark) == 1 else 0)
    if request.form.get("found"):
        return redirect(address(f"/cari/{visit.code}"), 303)
    return redirect(number_link(visit.code, family=citizen_wish.family()), 303)
