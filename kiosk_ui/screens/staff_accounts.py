"""A supervisor looks after the officers' accounts: add, a new PIN, close."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request
from werkzeug.wrappers import Response

from agent.actions import accounts, officers
from agent.errors import BadData, Conflict, NotFound
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import page, reader
from kiosk_ui.sessions import only_for

staff_accounts = Blueprint("staff_accounts", __name__, url_prefix="/petugas")
staff_accounts.before_request(only_for("supervisor"))


@staff_accounts.get("")
def show() -> Response:
    """Every account."""
    return listed()


def listed(status: int = 200, **values: str) -> Response:
    """The page, with a new PIN or with what cannot be."""
    known = {"pin": "", "whose": "", "fault": "", "name": "", "role": "officer"} | values
    every = accounts.accounts(kiosk().store)
    return page("staff_accounts.html", status, accounts=every, roles=officers.ROLES, me=g.officer.number, **known)


@staff_accounts.post("")
def give_pin() -> Response:
    """A PIN for one sign-in, of a new officer or a known one; it is shown on this page only."""
    name = request.form.get("name", "")[:64]
    try:
        return listed(pin=new_pin(name), whose=name)
    except (BadData, Conflict, NotFound) as fault:
        role = request.form.get("role", "")[:20]
        return listed(422, fault=reader().say(f"staff.{fault.code}"), name=name, role=role)


def new_pin(name: str) -> str:
    """Add an officer, or give a known one a new PIN; with it a closed account opens."""
    here, by = kiosk(), g.officer.number
    if "role" not in request.form:
        return officers.reset_pin(here.store, name, random_bytes=here.random_bytes, by=by)
    role = request.form["role"][:20]
    return officers.add_officer(here.store, name, role, random_bytes=here.random_bytes, by=by)


@staff_accounts.post("/tutup")
def close() -> Response:
    """Close an account."""
    name = request.form.get("name", "")[:64]
    try:
        accounts.close_account(kiosk().store, name, g.officer.number)
    except NotFound:
        return redirect("/petugas", 303)
    except Conflict as fault:
        flash(reader().say(f"staff.{fault.code}"))
        return redirect("/petugas", 303)
    flash(reader().say("staff.closed_now", nama=name))
    return redirect("/petugas", 303)
