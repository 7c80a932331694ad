"""An officer takes a number for somebody who cannot use the kiosk."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, g, redirect, request
from werkzeug.wrappers import Response

from agent.actions import tickets, visits, waits
from agent.actions.tickets import TicketRequest
from agent.domain.nik import picked
from agent.errors import BadData, Conflict, NotFound
from agent.vault import sealing_key
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import page, reader
from kiosk_ui.sessions import only_for

counter_numbers = Blueprint("counter_numbers", __name__, url_prefix="/loket/nomor")
counter_numbers.before_request(only_for("officer", "supervisor"))
LONGEST: Final = 64
FAULTS: Final = {
    "nik-date": "nik.bad_date",
    "nik-region": "nik.bad_region",
    "nik-province": "nik.bad_region",
    "nik-serial": "nik.bad_serial",
    "unknown-village": "village.again",
    "unknown-service": "paper.choose_service",
}


@counter_numbers.get("")
def show() -> Response:
    """The form, below the number that was given last."""
    here = kiosk()
    try:
        visit = visits.find(here.store, request.args.get("visit", ""))
    except NotFound:
        return form()
    return form(given=visit, wait=waits.wait_of(here.store, here.office, visit))


def form(status: int = 200, **values: object) -> Response:
    """The form, with what was said before."""
    here = kiosk()
    seals = sealing_key(here.store, here.office) is not None
    named = {"fault": "", "service": "", "village": "unknown", "priority": False, "given": None, "wait": None} | values
    return page("counter_numbers.html", status, unique=here.request_id(), seals=seals, **named)


@counter_numbers.post("")
def take() -> Response:
    """Take the number; a form that is sent twice gives one number."""
    here, said = kiosk(), {name: value[:LONGEST] for name, value in request.form.items()}
    asked = TicketRequest(
        service=said.get("service", ""),
        village=said.get("village", ""),
        request_id=f"counter-{said.get('request', '')}",
        nik=picked(request.form.get("nik", "")) or None,
        priority="priority" in said,
        by=g.officer.number,
    )
    try:
        ticket = tickets.take_ticket(here.store, here.office, asked, here.random_bytes)
    except BadData as bad:
        digits = sum(letter in "0123456789" for letter in asked.nik or "")
        known = FAULTS.get(bad.code) or ("nik.too_long" if digits > 16 else "nik.length")
        kept = {
            "service": asked.service,
            "village": asked.village,
            "priority": asked.priority,
            "nik": said.get("nik", ""),
        }
        return form(422, fault=reader().say(known, n=digits), **kept)
    except Conflict:  # the page was sent again with another wish in it
        return form(422, fault=reader().say("paper.again"), service=asked.service, village=asked.village)
    here.wake_agent()
    return redirect(f"/loket/nomor?visit={ticket.visit}", 303)
