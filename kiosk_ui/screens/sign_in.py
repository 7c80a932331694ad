"""Signing in by name and PIN, with no network at all."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, redirect, request, session
from werkzeug.wrappers import Response

from agent.actions import officers, signing_in
from agent.actions.officers import SignedIn
from agent.errors import BadData, Conflict, NotAllowed
from kiosk_ui import places, sessions
from kiosk_ui.access import is_this_machine
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import SCREEN, page, reader
from kiosk_ui.screens.technician import warnings

sign_in = Blueprint("sign_in", __name__)
FIRST_PAGE: Final = {"technician": "/teknisi", "camat": "/laporan/camat"}
WHYS: Final = {"idle": "sign.idle", "lost": "sign.lost"}
FAULTS: Final = {"wrong-pin": "sign.wrong", "locked": "sign.locked"}


@sign_in.get("/")
def staff_home() -> Response:
    """Each role's own first page; the counter is where most work is done."""
    officer = sessions.signed_in()
    return redirect(first_page(officer) if officer else "/loket", 303)


@sign_in.get("/masuk")
def ask() -> Response:
    """The form; whoever came from the citizen's screen is led back there."""
    if request.args.get("dari") == "layar":
        session[SCREEN] = True
    why = WHYS.get(request.args.get("why", ""))
    return form(reader().say(why) if why else "")


def form(fault: str, name: str = "", status: int = 200) -> Response:
    """The form; beside it, for whoever came from the citizen's screen, the first step against what is worst now."""
    top = next(iter(warnings()), None) if SCREEN in session else None
    return page("sign_in.html", status, fault=fault, name=name, top=top)


@sign_in.post("/masuk")
def take() -> Response:
    """Sign in, or say kindly why not."""
    name, pin = request.form.get("name", ""), request.form.get("pin", "")
    try:
        officer = signing_in.sign_in(kiosk().store, name[:64], pin[:64], door=kiosk().door, source=source())
    except NotAllowed as fault:
        return form(reader().say(FAULTS[fault.code]), name[:64], 403)
    except Conflict:
        return form(reader().say("sign.busy"), name[:64], 503)
    if officer.pin_once:
        sessions.begin(officer)
        return redirect("/pin", 303)
    return at_work(officer)


def source() -> str:
    """Where this request comes from; over TLS even loopback is a proxy's, for machines that it does not name."""
    peer = request.remote_addr or ""
    return signing_in.HERE if is_this_machine(peer) and not request.is_secure else peer


def at_work(officer: SignedIn) -> Response:
    """Begin a session; who calls numbers is back at the counter of last time."""
    sessions.begin(officer)
    if officer.role in ("officer", "supervisor") and SCREEN not in session:
        places.return_to_last(officer.number)
    return redirect(first_page(officer), 303)


def first_page(officer: SignedIn) -> str:
    """Where an officer's work is; whoever came from the citizen's screen looks after the machine."""
    return "/teknisi" if SCREEN in session else FIRST_PAGE.get(officer.role, "/loket")


@sign_in.get("/pin")
def ask_pin() -> Response:
    """A one-time PIN must be changed first."""
    officer = sessions.signed_in()
    return page("pin.html", fault="") if officer and officer.pin_once else redirect("/masuk", 303)


@sign_in.post("/pin")
def take_pin() -> Response:
    """The officer's own PIN, from the session alone that began with the one-time PIN."""
    officer = sessions.signed_in()
    if officer is None or not officer.pin_once:
        return redirect("/masuk", 303)
    pin = request.form.get("pin", "")
    if pin != request.form.get("repeat", ""):
        return page("pin.html", 422, fault=reader().say("pin.differ"))
    try:
        known = officers.choose_pin(kiosk().store, officer, pin[:64], random_bytes=kiosk().random_bytes)
    except BadData:
        return page("pin.html", 422, fault=reader().say("pin.weak"))
    except NotAllowed:
        return redirect("/masuk", 303)
    return at_work(known)


@sign_in.post("/keluar")
def leave() -> Response:
    """Sign out, on every machine where this officer is signed in."""
    officer = sessions.whose()
    if officer is not None:
        places.leave(officer.number)
        officers.sign_out(kiosk().store, officer.number)
    sessions.start_over()
    return redirect("/masuk", 303)
