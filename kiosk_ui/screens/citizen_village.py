"""Where the citizen lives, and then the number; whoever asks again is shown the same one."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from agent.actions import lists, tickets
from agent.actions.tickets import TicketRequest
from agent.domain import questions
from agent.errors import BadData, Conflict
from agent.office import OUTSIDE, UNKNOWN
from kiosk_ui.access import refuse_other_sites
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import reader, today
from kiosk_ui.screens import citizen_nik, citizen_place
from kiosk_ui.screens.citizen_number import number_link
from kiosk_ui.screens.citizen_questions import ahead, ready, settled
from kiosk_ui.screens.citizen_wish import Wish, start_again, step, wish

citizen_village = Blueprint("citizen_village", __name__)


@citizen_village.get("/desa")
def villages() -> Response:
    """Where the citizen lives, and whether they need the priority queue; nothing is asked before it any more."""
    chosen = wish()
    return start_again() if chosen is None else ask_village(chosen)


@citizen_village.post("/desa")
def villages_of_nik() -> Response:
    """The same after a NIK; what its date of birth says comes first."""
    refuse_other_sites()
    chosen = wish()
    if chosen is None:
        return start_again()
    fitting = settled(chosen)
    return ahead(chosen) or (ask_village(chosen) if fitting == chosen else ready(fitting))


def ask_village(chosen: Wish, status: int = 200, fault: str = "") -> Response:
    """The list of villages by name, that of the family's last number first; its priority is ticked already."""
    regions = kiosk().office.regions
    before = tickets.find_by_codes(chosen.family.split("."))
    return step(
        "village.html",
        chosen,
        status,
        villages=sorted(regions.villages, key=lambda village: village.name),
        elsewhere=() if chosen.place == lists.OUTREACH else (OUTSIDE, UNKNOWN),
        last_village=regions.village(before[-1].village) if before else None,
        priority=bool(request.form.get("priority")) or (bool(before) and before[-1].priority),
        fault=fault,
    )


@citizen_village.post("/nomor")
def take() -> Response:
    """The number, or the place on a list, and a page that shows it."""
    refuse_other_sites()
    chosen = wish()
    if chosen is None:
        return start_again()
    asked = TicketRequest(
        service=chosen.service,
        village=request.form.get("village", ""),
        request_id=chosen.request,
        nik=chosen.nik or None,
        priority=bool(request.form.get("priority")),
        band=questions.band_of(chosen.answers, None, today()),
        married=chosen.married == "yes",
    )
    return given(chosen, asked)


def given(chosen: Wish, asked: TicketRequest) -> Response:
    """Take what was asked for; where that cannot be, the page where the citizen can mend it."""
    here = kiosk()
    try:
        code = taken(chosen, asked)
    except BadData as fault:
        return mended(chosen, fault)
    except Conflict as refused:
        if refused.code == "quota-used":
            return citizen_place.ask_place(chosen, 409, reader().say("err.quota-used"))
        earlier = tickets.find_request(here.store, chosen.request)
        if earlier is None:
            raise
        return redirect(number_link(earlier.code, family=chosen.family, kept="1"), 303)
    here.wake_agent()
    return redirect(number_link(code, family=chosen.family), 303)


def taken(chosen: Wish, asked: TicketRequest) -> str:
    """The code of the number, or of the place on a list."""
    here = kiosk()
    if not chosen.place:
        return tickets.take_ticket(here.store, here.office, asked, here.random_bytes).code
    which, day = citizen_place.wanted(chosen.place)
    return lists.take_place(here.store, here.office, asked, which, day, here.random_bytes).code


def mended(chosen: Wish, fault: BadData) -> Response:
    """The page on which a fault can be mended."""
    if fault.field == "nik":
        return citizen_nik.faulty(chosen, fault.code)
    if fault.field == "date":
        return citizen_place.ask_place(chosen, 422)
    return ask_village(chosen, 422, reader().say("village.again"))
