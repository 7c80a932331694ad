"""Jemput bola: open and close a trip, the people of its village who wait, villages not served, summaries."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, flash, g, redirect, request
from werkzeug.wrappers import Response

from agent.actions import outreach as work
from agent.actions import told_trips, trips
from agent.domain import visits
from agent.domain.outreach import MOST_STATED, PURPOSES
from agent.domain.outreach import stated as stated_number
from agent.errors import BadData, Conflict
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import day_and_time, page, reader
from kiosk_ui.report_words import village_name
from kiosk_ui.sessions import only_for

outreach = Blueprint("outreach", __name__, url_prefix="/jemput-bola")
outreach.before_request(only_for("officer", "supervisor"))
TOLD_SHOWN = 20
STILL_HERE = (visits.WAITING, visits.CALLED, visits.HELD)


@outreach.get("")
def show() -> Response:
    """The open trip or the form for one, villages not served, and earlier trips."""
    store, office = kiosk().store, kiosk().office
    trip = trips.current(store)
    past = [each for each in trips.trips(store) if not each.is_open]
    return page(
        "outreach.html",
        trip=trip,
        taken=trips.people(store, trip) if trip else 0,
        expected=work.expected(store, trip.village) if trip else [],
        unserved=work.unserved(store, office),
        past=[(each, trips.people(store, each)) for each in past],
        told=told_trips.told(store, most=TOLD_SHOWN),
        village_name=village_name,
        purposes=PURPOSES,
        most_stated=MOST_STATED,
        chosen=request.args.get("desa", ""),
        when=day_and_time,
    )


@outreach.get("/<int:number>")
def summary(number: int) -> Response:
    """What came of a trip, for paper."""
    trip = trips.find(kiosk().store, number)
    counts = trips.summary(kiosk().store, number)
    services = {name: {word: n for (service, word), n in counts.items() if service == name} for name, _ in counts}
    outcomes = {word: sum(n for (_, each), n in counts.items() if each == word) for word in visits.OUTCOMES}
    return page(
        "outreach_trip.html",
        trip=trip,
        services=services,
        outcomes={word: n for word, n in outcomes.items() if n},
        states=STILL_HERE,
        total=sum(counts.values()),
        day=trips.queue_date(kiosk().store, trip),
        when=day_and_time,
    )


@outreach.post("/buka")
def open_trip() -> Response:
    """Open a trip, or say kindly why not."""
    here, form = kiosk(), request.form
    try:
        trip = trips.open_trip(
            here.store, here.office, form.get("village", ""), form.get("place", ""), form.get("purpose", ""),
            g.officer.number,
        )  # fmt: skip
        flash(reader().say("trip.opened", tempat=trip.place))
    except (BadData, Conflict) as fault:
        flash(reader().say(f"trip.fault.{fault.code}"))
    return redirect("/jemput-bola", 303)


@outreach.post("/tutup")
def close_trip() -> Response:
    """Close the trip and show what came of it."""
    try:
        trip = trips.close_trip(kiosk().store, g.officer.number, stated_number(request.form.get("stated", "")))
    except (BadData, Conflict) as fault:
        flash(reader().say(f"trip.fault.{fault.code}"))
        return redirect("/jemput-bola", 303)
    flash(reader().say("trip.closed"))
    kiosk().wake_agent()
    return redirect(f"/jemput-bola/{trip.number}", 303)


@outreach.post("/daftar/<int:number>")
def reached(number: int) -> Response:
    """Somebody on the list was served."""
    with suppress(BadData):  # a page from before a restore names what is no more
        work.reached(kiosk().store, number, g.officer.number)
    return redirect("/jemput-bola", 303)
