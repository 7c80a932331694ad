"""Coverage: what was published, how far the targets are, and which figures cannot be true."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, g, redirect, request
from werkzeug.wrappers import Response

from agent.actions import coverage as actions
from agent.domain import coverage as rules
from agent.domain.coverage import Fault, Figure
from agent.domain.period import ONE_DAY
from agent.domain.stock import working_days
from agent.errors import BadData
from kiosk_ui import figures
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import page, reader, today
from kiosk_ui.sessions import only_for, only_supervisors

coverage = Blueprint("coverage", __name__, url_prefix="/laporan/cakupan")
coverage.before_request(only_for("officer", "supervisor", "technician", "camat"))
SHOWN = 500
FIELDS = ("measure", "base", "count", "of", "percent", "left", "left_percent", "snapshot", "said_on", "source")


@coverage.get("")
def show() -> Response:
    """The newest figure of each measure, all that was entered, and a form."""
    return sheet({}, [])


def sheet(typed: dict[str, str], told: list[str], status: int = 200, *, contradicts: bool = False) -> Response:
    """The page, with what was typed and what is wrong with it."""
    entered = actions.entries(kiosk().store, kiosk().office)
    return page(
        "coverage.html",
        status,
        standings=actions.standings(kiosk().office, entered),
        entered=[(each, [said(fault) for fault in each.faults]) for each in entered[:SHOWN]],
        measures=rules.MEASURES,
        bases=rules.BASES,
        typed=typed,
        told=told,
        contradicts=contradicts,
        number=number,
        plan_of=plan_of,
    )


def plan_of(standing: actions.Standing) -> rules.Plan | None:
    """What closes the gap of a measure in the working days after today; None where its target is reached or unknown."""
    if standing.progress is None or standing.progress.gap <= 0:
        return None
    last = date(today().year, 12, 31)
    days = working_days(today() + ONE_DAY, last, kiosk().office.hours)
    return rules.plan(standing.progress.gap, days)


@coverage.post("")
def enter() -> Response:
    """Keep a figure; one that contradicts itself only where the supervisor says so."""
    only_supervisors("a supervisor enters figures")
    typed = {name: request.form.get(name, "")[:200] for name in FIELDS}
    as_published = bool(request.form.get("as_published"))
    try:
        figure = read(typed)
        actions.check(figure)
        found = actions.judged(kiosk().store, kiosk().office, figure)
        actions.enter(kiosk().store, kiosk().office, figure, g.officer.number, as_published=as_published)
    except BadData as fault:
        if fault.code == "contradiction":
            return sheet(typed, [said(each) for each in found], 422, contradicts=True)
        return sheet(typed, [wrong(fault)], 422)
    return redirect("/laporan/cakupan", 303)


def read(typed: dict[str, str]) -> Figure:
    """The figure in a form; raises BadData with the field that cannot be read."""
    if typed["measure"] not in rules.MEASURES or typed["base"] not in rules.BASES:
        raise BadData("not-a-number", "choose what was counted", field="measure")
    count = figures.whole(typed["count"], "count")
    if count is None:
        raise BadData("not-a-number", "how many were counted", field="count")
    known: dict[str, Any] = {"measure": typed["measure"], "base": typed["base"]}
    return Figure(
        **known,
        count=count,
        of=figures.whole(typed["of"], "of"),
        percent=figures.per_cent(typed["percent"], "percent"),
        left=figures.whole(typed["left"], "left"),
        left_percent=figures.per_cent(typed["left_percent"], "left_percent"),
        snapshot=figures.day(typed["snapshot"], "snapshot"),
        said_on=figures.day(typed["said_on"], "said_on"),
        source=typed["source"].strip(),
    )


def wrong(fault: BadData) -> str:
    """Which field cannot be read, and how it is written."""
    say = reader().say
    return say(f"figure.{fault.code}", isian=say(f"coverage.{fault.field}"))


def said(fault: Fault) -> str:
    """Why a figure cannot be true, with the numbers as this language writes them."""
    return reader().say(f"fault.{fault.why}", tertulis=number(fault.said), benar=number(fault.true))


def number(text: str) -> str:
    """`3.66` → `3,66`, `308309` → `308.309`, a date in words."""
    if "-" in text[1:]:
        return reader().day(date.fromisoformat(text))
    value = Decimal(text)
    return reader().number(float(value), rules.printed_decimals(value))
