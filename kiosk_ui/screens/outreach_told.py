"""Trips of the kit's laptop: its signed file to carry, and the office's page that reads such a file."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, request
from werkzeug.wrappers import Response as Answer

from agent import requests
from agent.actions import told_trips, trips
from agent.errors import BadData, Conflict, NotAllowed
from agent.wire import pairing
from agent.wire.jose import MAX_TOKEN
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import day_and_time, page, reader
from kiosk_ui.report_words import village_name
from kiosk_ui.sessions import only_for

outreach_told = Blueprint("outreach_told", __name__, url_prefix="/jemput-bola/laptop")
outreach_told.before_request(only_for("officer", "supervisor"))


@outreach_told.get("")
def show() -> Answer:
    """Both ends of the way: this machine's file with its code, and the form that reads another's."""
    return sheet()


def sheet(fault: str = "", http_status: int = 200) -> Answer:
    """The page, with what was wrong with a file."""
    here = kiosk()
    own = trips.trips(here.store, 1)
    ready = bool(own and told_trips.signed_word(here.store, own))
    if own and not ready:
        requests.ask_once(here.store, requests.SIGN_TRIPS)
    told_at = told_trips.told_at(here.store)
    return page(
        "outreach_told.html",
        http_status,
        fault=fault,
        own=own,
        ready=ready,
        code=pairing.code(told_trips.own_key(here.store)),
        told=told_trips.told(here.store),
        told_at=day_and_time(told_at) if told_at else "",
        village_name=village_name,
    )


@outreach_told.get("/berkas")
def download() -> Answer:
    """This machine's trips as a file; back to the page while the agent has yet to sign it."""
    here = kiosk()
    token = told_trips.signed_word(here.store, trips.trips(here.store, 1))
    if not token:
        return redirect("/jemput-bola/laptop", 303)
    name = f"rekam-jemput-bola-{here.office.code}.trips"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(token + "\n", mimetype="application/jose", headers=headers)


@outreach_told.post("")
def take() -> Answer:
    """Read a file that somebody carried here; a supervisor's code is needed for a device nobody vouched for."""
    here, file = kiosk(), request.files.get("file")
    if here.office.settings.training.on:
        return sheet(reader().say("trip.file.training"), 422)
    if file is None or not file.filename:
        return sheet(reader().say("trip.file.none"), 422)
    token = file.stream.read(MAX_TOKEN + 2).decode("ascii", "replace")
    is_supervisor = g.officer.role == "supervisor"
    code = request.form.get("code", "")[:40]
    try:
        came = told_trips.read_file(here.store, here.office, token, g.officer.number, code=code, trusted=is_supervisor)
    except (BadData, Conflict, NotAllowed) as fault:
        return sheet(reader().say(f"trip.file.{fault.code.removeprefix('trip-file-')}"), 422)
    flash(reader().say("trip.file.read", n=came.trips, orang=came.people, kode=came.device))
    here.wake_agent()
    return redirect("/jemput-bola", 303)
