"""The counter's other moves: absent, aside, another service, the paper once more."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, g, redirect, request
from werkzeug.wrappers import Response

from agent.actions import lists, moves, paper, visits
from agent.domain import visits as life
from agent.errors import BadData
from agent.store.models import Visit
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import reader
from kiosk_ui.screens.counter import moved
from kiosk_ui.sessions import only_for

counter_moves = Blueprint("counter_moves", __name__, url_prefix="/loket")
counter_moves.before_request(only_for("officer", "supervisor"))
REASONS: Final = ("papers", "asked", "device", "link")  # words of ours: what is typed freely may name a person


def reason() -> str:
    """Why a number is moved: one of REASONS, or nothing."""
    said = request.form.get("reason", "")
    return said if said in REASONS else ""


@counter_moves.post("/<visit>/tidak-hadir")
def absent(visit: str) -> Response:
    """Nobody came: called again later, or over."""
    return moved(visit, lambda: told_absent(visit))


def told_absent(name: str) -> Visit:
    """Mark somebody as absent, and tell the officer what comes of it."""
    here, rules = kiosk(), kiosk().office.line_rules
    visit = moves.absent(here.store, name, g.officer.number, rules)
    if visit.state == life.FINISHED:
        flash(reader().say("counter.absent_over", nomor=visit.ticket, n=rules.most_calls))
    else:
        flash(reader().say("counter.absent_back", nomor=visit.ticket, n=rules.absent_after))
    return visit


@counter_moves.post("/<visit>/tahan")
def hold(visit: str) -> Response:
    """Put a number aside."""
    return moved(visit, lambda: moves.hold(kiosk().store, visit, g.officer.number, reason()))


@counter_moves.post("/<visit>/lepas")
def release(visit: str) -> Response:
    """Put a number back in its place."""
    return moved(visit, lambda: moves.release(kiosk().store, visit, g.officer.number))


@counter_moves.post("/<visit>/pindah")
def transfer(visit: str) -> Response:
    """Let a number wait for another service."""
    here, to = kiosk(), request.form.get("service", "")
    answer = moved(visit, lambda: moves.transfer(here.store, here.office, visit, to, g.officer.number, reason()))
    here.wake_agent()  # its paper names the service
    return answer


@counter_moves.post("/<visit>/daftar")
def put_on_list(visit: str) -> Response:
    """Give a number a place on a list instead of waiting."""
    here, day = kiosk(), request.form.get("date", "")[:10]
    which: lists.ListName = "day" if request.form.get("list") == "day" else "outreach"
    try:
        lists.check(here.store, here.office, which, day)
    except BadData:
        flash(reader().say("line.day_wrong"))
        return redirect(f"/loket?visit={visit}", 303)
    answer = moved(visit, lambda: listed(visit, which, day))
    here.wake_agent()
    return answer


def listed(name: str, which: lists.ListName, day: str) -> Visit:
    """Put somebody on a list, and tell the officer the code of the slip."""
    here = kiosk()
    entry = lists.put_on_list(here.store, here.office, name, which, day, g.officer.number)
    flash(reader().say("counter.listed", nomor=entry.ticket, daftar=reader().say(f"listed.{which}"), kode=entry.code))
    return visits.find(here.store, name)


@counter_moves.post("/<visit>/cetak")
def reprint(visit: str) -> Response:
    """Print a number once more."""
    return moved(visit, lambda: printed_again(visit))


def printed_again(name: str) -> Visit:
    """Ask for the paper again, wake whoever prints, and say so."""
    here = kiosk()
    paper.reprint(here.store, here.office, name)
    here.wake_agent()
    visit = visits.find(here.store, name)
    flash(reader().say("counter.reprinting", nomor=visit.ticket))
    return visit
