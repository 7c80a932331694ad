"""Suspend this kiosk and bring it back, and what was done before."""

from __future__ import annotations

from flask import Blueprint, g, redirect, request
from werkzeug.wrappers import Response

from agent.actions import kiosk_life, officers
from agent.domain.kiosk_life import FOR_GOOD, REASONS, Change, moves_from
from agent.errors import BadData, Conflict
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import day_and_time, page
from kiosk_ui.sessions import only_for

technician_life = Blueprint("technician_life", __name__, url_prefix="/teknisi/anjungan")
technician_life.before_request(only_for("supervisor", "technician"))


@technician_life.get("")
def show() -> Response:
    """How the kiosk stands, what may be done, what was done."""
    store = kiosk().store
    state = kiosk_life.state(store)
    names = {officer.number: officer.name for officer in officers.officers(store)}
    return page(
        "technician_life.html",
        state=state,
        moves=moves_from(state),
        reasons=REASONS,
        for_good=FOR_GOOD,
        changes=[(day_and_time(each.t), each, by_whom(each, names)) for each in kiosk_life.changes(store)],
    )


def by_whom(change: Change, names: dict[int, str]) -> str:
    """Who made a move; empty for the command line."""
    return names.get(change.by, str(change.by)) if change.by else ""


@technician_life.post("")
def move() -> Response:
    """Make a move; one without a reason, or that somebody else made meanwhile, changes nothing."""
    try:
        kiosk_life.move(kiosk().store, request.form.get("move", ""), request.form.get("reason", ""), g.officer.number)
    except (Conflict, BadData):
        return redirect("/teknisi/anjungan", 303)
    kiosk().wake_agent()
    return redirect("/teknisi/anjungan", 303)
