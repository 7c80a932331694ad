"""The whole line of a service at once: to another service, another day, a list, aside; and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import quote, urlencode

import msgspec
from flask import Blueprint, abort, flash, g, redirect, request
from werkzeug.wrappers import Response

from agent.actions import lists, moves
from agent.actions.moves import Standing
from agent.domain import notices
from agent.errors import BadData, Conflict
from kiosk_ui import offers
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import day_name, page, reader
from kiosk_ui.sessions import only_for

counter_line = Blueprint("counter_line", __name__, url_prefix="/loket/antrean")
counter_line.before_request(only_for("officer", "supervisor"))
WAYS: Final = ("hold", "service", "day", "outreach")
PRINTED: Final = ("done.service", "done.day", "done.outreach")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Where a whole line is to go, as a form says it."""

    way: str = ""
    to: str = ""
    day: str = ""
    reason: str = ""

    def fault(self, service: str) -> str:
        """The key of the sentence for what is missing; empty when it can be done."""
        here = kiosk()
        if self.way not in WAYS:
            return "line.way_missing"
        if self.reason not in notices.WHATS:
            return "line.reason_missing"
        if self.way == "service":
            return "" if self.to in here.office.services and self.to != service else "line.to_missing"
        if self.way == "hold":
            return ""
        try:
            lists.check(here.store, here.office, self.way, self.day)
        except BadData:
            return "line.day_wrong"
        return ""

    def target(self) -> str:
        """Where it goes, in words."""
        say = reader().say
        if self.way == "service":
            return offers.named((self.to,))
        if self.way == "day":
            return day_name(self.day)
        return say("line.outreach_on", tanggal=day_name(self.day)) if self.day else say("line.outreach_list")


def asked_for() -> Plan:
    """The plan of this request."""
    said = request.values
    way = said.get("way", "")
    day = said.get({"day": "day", "outreach": "visit_day"}.get(way, ""), "")
    return Plan(way=way[:20], to=said.get("to", "")[:64], day=day[:10], reason=said.get("reason", "")[:20])


@counter_line.get("")
def show() -> Response:
    """Who waits for what, and what can be done with each line."""
    return page("counter_line.html", lines=moves.standings(kiosk().store))


@counter_line.get("/<service>")
def ask(service: str) -> Response:
    """Where to; then, once that is said, whether that is meant."""
    line, plan = standing(service), asked_for()
    said = "reason" in request.args and "again" not in request.args
    count = line.waiting if plan.way == "hold" else line.waiting + line.held
    fault = (plan.fault(service) or ("" if count else "line.nobody")) if said else ""
    if said and not fault:
        return page(
            "counter_line_sure.html", line=line, plan=plan, count=count, back=f"{address(service, plan)}&again=1"
        )
    told = reader().say(fault) if fault else ""
    soon = lists.next_day(kiosk().store, kiosk().office)
    return page(
        "counter_line_move.html",
        422 if told else 200,
        line=line,
        plan=plan,
        fault=told,
        soon=soon,
        reasons=notices.WHATS,
    )


def address(service: str, plan: Plan) -> str:
    """The address that asks for a plan."""
    day = "day" if plan.way == "day" else "visit_day"
    said = {"way": plan.way, "to": plan.to, day: plan.day, "reason": plan.reason}
    return f"/loket/antrean/{quote(service)}?{urlencode(said)}"


def standing(service: str) -> Standing:
    """How a line stands; 404 for a name that no line has."""
    found = next((each for each in moves.standings(kiosk().store) if each.service == service), None)
    if found is None and service not in kiosk().office.services:
        abort(404)
    return found or Standing(service, 0, 0, {})


@counter_line.post("/<service>")
def move(service: str) -> Response:
    """Move them all, and say how many they were."""
    plan = asked_for()
    if plan.fault(service):
        return redirect(address(service, plan), 303)
    return done(lambda: moved(service, plan), f"done.{plan.way}", ke=plan.target())


def moved(service: str, plan: Plan) -> int:
    """Carry a plan out; how many it moved."""
    here, by = kiosk(), g.officer.number
    if plan.way == "hold":
        return len(moves.hold_all(here.store, service, by, plan.reason))
    if plan.way == "service":
        return len(moves.transfer_all(here.store, here.office, service, plan.to, by, plan.reason))
    which: lists.ListName = "day" if plan.way == "day" else "outreach"
    return len(lists.put_all_on_list(here.store, here.office, service, which, plan.day, by, plan.reason))


@counter_line.post("/<service>/lepas")
def release(service: str) -> Response:
    """Everybody who is held is back in place."""
    return done(lambda: len(moves.release_all(kiosk().store, service, g.officer.number)), "done.release")


@counter_line.post("/<service>/kembali")
def take_back(service: str) -> Response:
    """Who was moved here with their whole line goes back."""
    here, origin = kiosk(), request.form.get("from", "")[:64]
    return done(
        lambda: len(moves.return_all(here.store, here.office, service, origin, g.officer.number)),
        "done.service",
        ke=offers.named((origin,)),
    )


def done(act: Callable[[], int], sentence: str, **values: str) -> Response:
    """Do it, wake whoever prints, and say what came of it."""
    try:
        count = act()
    except (BadData, Conflict):  # the page is older than the services or the day
        flash(reader().say("line.stale"))
        return redirect("/loket/antrean", 303)
    kiosk().wake_agent()
    say = reader().say
    flash(say(sentence, n=count, **values) if count else say("line.nobody"))
    if count and sentence in PRINTED and kiosk().office.prints:
        flash(say("line.hand_out"))
    return redirect("/loket/antrean", 303)
