"""A number found again by the short code on its ticket, typed or scanned: its place and state, nothing personal."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from agent.actions import lists, paper, tickets
from agent.actions.tickets import CODE_LETTERS
from agent.domain import visits
from agent.errors import NotFound
from agent.store.models import Visit
from kiosk_ui.access import refuse_other_sites
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import address, page, reader
from kiosk_ui.screens.citizen_number import shown

citizen_find = Blueprint("citizen_find", __name__)
LENGTH: Final = 9
NOISE: Final = re.compile(r"^\][a-z][0-9]|[^a-z0-9]")  # what scanners name the code by, and what people put between


@citizen_find.get("/cari")
def ask_code() -> Response:
    """The keypad for a code."""
    return asked("")


@citizen_find.post("/cari")
def take_code() -> Response:
    """A touch of the keypad, or the whole code."""
    refuse_other_sites()
    typed, key = bare(request.form.get("code", "")), request.form.get("key", "")
    if key:
        return asked(typed[:-1] if key == "delete" else (typed + bare(key))[:LENGTH])
    return scanned(typed) or asked(typed, 422, reader().say("find.unknown"))


def bare(text: str) -> str:
    """A code as it is kept, out of what was typed or scanned."""
    return NOISE.sub("", text.strip().lower())[: LENGTH + 1]


def asked(typed: str, status: int = 200, fault: str = "") -> Response:
    """The keypad, with what was typed so far and what is wrong with it."""
    return page("find.html", status, typed=typed, fault=fault, letters=CODE_LETTERS)


def scanned(text: str) -> Response | None:
    """To the number whose code this is; None where it is no code of ours."""
    visit = by_code(bare(text))
    return None if visit is None else redirect(address(f"/cari/{visit.code}"), 303)


def by_code(code: str) -> Visit | None:
    """The visit with that code."""
    try:
        return tickets.find_by_code(code)
    except NotFound:
        return None


@citizen_find.get("/cari/<code>")
def found(code: str) -> Response:
    """The number as it stands now."""
    visit = by_code(bare(code))
    if visit is None:
        return asked(bare(code)[:LENGTH], 404, reader().say("find.unknown"))
    return shown(visit, found=True, prints=may_print(visit))


@citizen_find.post("/cari/<code>/cetak")
def print_again(code: str) -> Response:
    """Print the ticket or slip once more, where a printer is set and nothing is being printed."""
    refuse_other_sites()
    here, visit = kiosk(), by_code(bare(code))
    if visit is not None and may_print(visit):
        entry = lists.place_of(here.store, visit)
        if entry is None:
            paper.reprint(here.store, here.office, visit.name)
        else:
            lists.reprint_slip(here.store, entry.number)
        here.wake_agent()
    return redirect(address(f"/cari/{bare(code)}"), 303)


def may_print(visit: Visit) -> bool:
    """Whether a citizen may have the ticket or slip printed; not the ticket of a visit that is over."""
    here, entry = kiosk(), lists.place_of(kiosk().store, visit)
    if not here.office.prints or (entry is None and visit.state == visits.FINISHED):
        return False
    state, asked_t = (visit.print, visit.print_t or visit.taken_t) if entry is None else (entry.print, entry.print_t)
    return paper.may_ask_again(state, asked_t, here.store.clock.wall_ms())
