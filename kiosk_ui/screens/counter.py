"""The counter: call, recall, finish."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, flash, g, redirect, request, session
from werkzeug.wrappers import Response

from agent.actions import lists, paper, rosters, surge, todays_visits, trips, visits
from agent.actions.todays_visits import VisitRow
from agent.domain.surge import REASONS
from agent.errors import BadData, Conflict, NotFound
from agent.store.models import Visit
from kiosk_ui import places
from kiosk_ui.bodies import MOST_PAPERS, STATUS_CODE
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import page, reader
from kiosk_ui.screens.counter_notices import shown
from kiosk_ui.screens.rosters import for_counter, nik_of
from kiosk_ui.sessions import only_for

counter = Blueprint("counter", __name__, url_prefix="/loket")
counter.before_request(only_for("officer", "supervisor"))
FINISHED_SHOWN: Final = 8
OUTCOME_GROUPS: Final = {
    "served": ("recorded", "already_recorded", "print_ready", "handed_over"),
    "unfinished": ("incomplete_papers", "failed_capture", "no_blank", "link_down", "device_broken", "referred"),
    "left": ("no_show", "cancelled"),
}


@counter.get("")
def show() -> Response:
    """The counter's page; an officer who has none yet sees the one that is most likely theirs."""
    return counter_page(request.args.get("visit", ""))


def counter_page(asked: str, status: int = 200) -> Response:
    """The page with the visit that was asked for, and what was just typed where that is sent back."""
    store = kiosk().store
    number = places.at() or places.expected()
    called = todays_visits.called(store)
    current = open_visit(called, asked, number)
    return page(
        "counter.html",
        status,
        counter=number,
        settled=places.at() is not None,
        rules=kiosk().office.line_rules,
        soon=lists.next_day(store, kiosk().office),
        current=current,
        nik=(nik := nik_of(current.visit) if current else ""),
        on_rosters=for_counter(current.visit, nik) if current else [],
        has_rosters=bool(rosters.rosters(store)),
        called=[each for each in called if each is not current],
        waiting=todays_visits.waiting(store, places.my_services(), kiosk().office.line_rules),
        held=todays_visits.held(store),
        finished=todays_visits.finished(store, FINISHED_SHOWN),
        notices=shown(),
        unprinted=paper.unprinted(store),
        groups=OUTCOME_GROUPS,
        reasons=REASONS,
        trip=trips.current(store),
        surge=surge.today(store, kiosk().office) if g.officer.role == "supervisor" else None,
        now=store.clock.wall_ms(),
    )


def open_visit(called: list[VisitRow], asked: str, counter: int) -> VisitRow | None:
    """The visit in work: the one asked for, else the newest called to this counter."""
    here = (each for each in called if each.counter == counter)
    return next((each for each in called if each.visit == asked), None) or next(here, None)


@counter.get("/pilih")
def choose() -> Response:
    """Which counter, and which services it calls."""
    series: dict[str, list[str]] = {}
    for service in kiosk().office.services.values():
        series.setdefault(service.series, []).append(reader().of(service.name))
    return page("counter_choose.html", most=places.MOST, series=dict(sorted(series.items())))


@counter.post("/pilih")
def take_choice() -> Response:
    """Remember the counter for this session."""
    number = request.form.get("counter", "")
    if not re.fullmatch(r"[1-9][0-9]?", number):
        return redirect("/loket/pilih", 303)
    known = {service.series for service in kiosk().office.services.values()}
    chosen = sorted(known & set(request.form.getlist("series")))
    places.settle(g.officer.number, int(number), [] if "all" in request.form or set(chosen) == known else chosen)
    return redirect("/loket", 303)


def is_settled() -> bool:
    """Whether this session has a counter; an officer who just signed in gets the one that the page showed.

    Not when somebody else opened it meanwhile.
    """
    shown = request.form.get("counter", "")
    if places.at() is None and shown in ("", str(places.expected())):
        places.settle(g.officer.number, places.expected())
    return places.at() is not None


def ask_where() -> Response:
    """The page that asks for the counter, because the one that was shown is taken."""
    flash(reader().say("counter.taken"))
    return redirect("/loket/pilih", 303)


@counter.post("/panggil")
def call_next() -> Response:
    """Call whoever is next for this counter."""
    if not is_settled():
        return ask_where()
    here, rules = kiosk(), kiosk().office.line_rules
    if visits.call_next(here.store, session["counter"], places.my_services(), g.officer.number, rules) is None:
        flash(reader().say("counter.nobody"))
    return redirect("/loket", 303)


@counter.post("/<visit>/panggil")
def call(visit: str) -> Response:
    """Call somebody out of turn."""
    return moved(visit, lambda: visits.call(kiosk().store, visit, session["counter"], by=g.officer.number))


@counter.post("/<visit>/ulang")
def recall(visit: str) -> Response:
    """Call somebody again who did not come."""
    return moved(visit, lambda: visits.recall(kiosk().store, visit, session["counter"], by=g.officer.number))


@counter.post("/<visit>/selesai")
def finish(visit: str) -> Response:
    """End a visit with an outcome."""
    outcome, status_code = request.form.get("outcome", ""), request.form.get("status_code", "").strip()
    if status_code and not STATUS_CODE.fullmatch(status_code):
        flash(reader().say("counter.bad_status"))
        return counter_page(visit, 422)
    came = visits.Came(request.form.get("reason") or None, bool(request.form.get("repeated")))
    details: dict[str, Any] = {"by": g.officer.number, "status_code": status_code or None, "came": came}
    if outcome == "incomplete_papers":
        details["missing"] = missing_papers()
    return moved(visit, lambda: visits.finish(kiosk().store, visit, outcome, **details))


def missing_papers() -> tuple[str, ...]:
    """The papers that were ticked, by their names in services.toml."""
    offer = kiosk().office.offer
    ticked = request.form.getlist("missing")[:MOST_PAPERS]
    return tuple(paper for paper in ticked if paper in offer.papers or paper in offer.forms)


def moved(name: str, move: Callable[[], Visit]) -> Response:
    """Make a move; where somebody else was quicker, say so and show how it stands."""
    if not is_settled():
        return ask_where()
    try:
        move()
    except (Conflict, NotFound, BadData):
        flash(reader().say("counter.elsewhere", nomor=ticket_of(name)))
    return redirect("/loket", 303)


def ticket_of(name: str) -> str:
    """The number on the paper of a visit; its name where there is no such visit."""
    try:
        return str(visits.find(kiosk().store, name).ticket)
    except NotFound:
        return name[:40]
