"""A later word on a finished visit: what became of it, why the person came, and whether they came again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, flash, g, redirect, request
from werkzeug.wrappers import Response

from agent.actions import visits
from agent.domain import visits as life
from agent.domain.surge import REASONS
from agent.errors import BadData, Conflict, NotFound
from agent.store.models import Visit
from kiosk_ui.bodies import STATUS_CODE
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import page, reader
from kiosk_ui.screens.counter import OUTCOME_GROUPS, missing_papers, ticket_of
from kiosk_ui.sessions import only_for

counter_correct = Blueprint("counter_correct", __name__, url_prefix="/loket")
counter_correct.before_request(only_for("officer", "supervisor"))
LIST: Final = "/laporan/daftar"


@counter_correct.get("/<visit>/koreksi")
def show(visit: str) -> Response:
    """The form with what was said last; the counter where the visit is still open or nobody's."""
    found = finished(visit)
    if found is None:
        flash(reader().say("counter.elsewhere", nomor=ticket_of(visit)))
        return redirect("/loket", 303)
    last = {"outcome": found.outcome, "reason": found.reason or "", "repeated": found.repeated, "status_code": ""}
    return form(found, last)


def finished(name: str) -> Visit | None:
    """The visit of that name, if it has ended."""
    try:
        visit = visits.find(kiosk().store, name)
    except NotFound:
        return None
    return visit if visit.state == life.FINISHED else None


def form(visit: Visit, said: Mapping[str, object], status: int = 200, fault: str = "") -> Response:
    """The form, with what was said."""
    return page(
        "counter_correct.html",
        status,
        visit=visit,
        said=said,
        fault=fault,
        ticked=request.form.getlist("missing"),
        groups=OUTCOME_GROUPS,
        reasons=REASONS,
        back=back(),
    )


def back() -> str:
    """Where the form was opened: a list of visits behind a report, else the counter."""
    came_from = request.values.get("from", "")
    return came_from if came_from.startswith((f"{LIST}?", f"{LIST}/")) else "/loket"


@counter_correct.post("/<visit>/koreksi")
def correct(visit: str) -> Response:
    """Write the new word; the earlier ones stay in the ledger."""
    said = {name: request.form.get(name, "").strip() for name in ("outcome", "reason", "status_code", "repeated")}
    found = finished(visit)
    if found is not None and said["status_code"] and not STATUS_CODE.fullmatch(said["status_code"]):
        return form(found, said, 422, reader().say("correct.bad_status"))
    try:
        flash(reader().say("correct.done", nomor=corrected(visit, said).ticket))
    except (Conflict, NotFound, BadData):
        flash(reader().say("counter.elsewhere", nomor=ticket_of(visit)))
    return redirect(back(), 303)


def corrected(name: str, said: dict[str, str]) -> Visit:
    """The visit after the new word; raises as `visits.correct` does."""
    return visits.correct(
        kiosk().store,
        name,
        said["outcome"],
        by=g.officer.number,
        missing=missing_papers() if said["outcome"] == "incomplete_papers" else (),
        status_code=said["status_code"] or None,
        came=visits.Came(said["reason"] or None, bool(said["repeated"])),
    )
