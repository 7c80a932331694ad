"""Who is on a list for another day or for a visit to the village: dates, slips, paper for the road, hand-over."""

from __future__ import annotations

from itertools import groupby
from typing import Final
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, flash, g, redirect, request
from werkzeug.wrappers import Response

from agent.actions import handing, lists
from agent.actions.lists import Entry, ListName
from agent.errors import BadData, Conflict
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import day_name, page, reader
from kiosk_ui.sessions import only_for, only_supervisors

counter_lists = Blueprint("counter_lists", __name__, url_prefix="/loket/daftar")
counter_lists.before_request(only_for("officer", "supervisor"))
MOST_DATED: Final = 500  # places whose date one form changes


class Group(msgspec.Struct, frozen=True):
    """The places of one date; empty for those without one."""

    date: str
    places: list[Entry]


def which() -> ListName:
    """The list that this request is about."""
    return "day" if request.values.get("list") == "day" else "outreach"


def address(**more: str) -> str:
    """This list's address."""
    return f"/loket/daftar?{urlencode({'list': which(), **more})}"


@counter_lists.get("")
def show() -> Response:
    """The places that are still open, by date."""
    here = kiosk()
    groups = [
        Group(day, list(each)) for day, each in groupby(handing.open_places(here.store, which()), lambda e: e.date)
    ]
    return page("counter_lists.html", which=which(), groups=groups, soon=lists.next_day(here.store, here.office))


@counter_lists.post("/tanggal")
def date() -> Response:
    """A supervisor fixes the date of those that are ticked."""
    only_supervisors("a supervisor dates places, hands them over and prints who has them")
    here, day = kiosk(), request.form.get("date", "")[:10]
    chosen = [
        int(number) for number in request.form.getlist("entry")[:MOST_DATED] if number.isascii() and number.isdigit()
    ]
    try:
        for number in chosen:
            lists.set_date(here.store, here.office, number, day, g.officer.number)
    except BadData as fault:
        flash(reader().say("list.stale" if fault.code == "unknown-entry" else "line.day_wrong"))
        return redirect(address(), 303)
    flash(
        reader().say("list.dated", n=len(chosen), tanggal=day_name(day)) if chosen else reader().say("list.none_ticked")
    )
    return redirect(address(), 303)


@counter_lists.post("/<int:number>/slip")
def slip(number: int) -> Response:
    """The slip once more."""
    here = kiosk()
    lists.reprint_slip(here.store, number)
    here.wake_agent()
    flash(reader().say("list.slip_again"))
    return redirect(address(), 303)


@counter_lists.post("/<int:number>/datang")
def arrived(number: int) -> Response:
    """The person of a place is here, and gets a number."""
    here = kiosk()
    try:
        ticket = handing.arrived(here.store, here.office, number, g.officer.number, here.random_bytes)
    except (BadData, Conflict):
        flash(reader().say("list.stale"))
        return redirect(address(), 303)
    here.wake_agent()
    flash(reader().say("list.number_given", nomor=ticket.ticket))
    return redirect(address(), 303)


@counter_lists.post("/serahkan")
def hand_over() -> Response:
    """A supervisor hands the places of one date to those who look after them."""
    only_supervisors("a supervisor dates places, hands them over and prints who has them")
    handed = handing.hand_over(kiosk().store, which(), day_asked(), g.officer.number)
    flash(reader().say("list.handed", n=len(handed)) if handed else reader().say("list.stale"))
    return redirect(address(), 303)


@counter_lists.get("/cetak")
def paper() -> Response:
    """A sheet for the road; nothing personal."""
    return sheet({}, personal=False)


@counter_lists.post("/cetak")
def paper_with_persons() -> Response:
    """The same for a supervisor with each NIK that can still be read; that it was printed is a line."""
    only_supervisors("a supervisor dates places, hands them over and prints who has them")
    return sheet(handing.printed(kiosk().store, which(), day_asked(), g.officer.number), personal=True)


def day_asked() -> str:
    """The date of the places that are meant; empty for those without one."""
    return request.values.get("date", "")[:10]


def sheet(known: dict[int, dict[str, str]], *, personal: bool) -> Response:
    """The places of one date as a page to print."""
    day = day_asked()
    places = [each for each in handing.open_places(kiosk().store, which()) if each.date == day]
    return page("counter_lists_paper.html", which=which(), day=day, places=places, personal=personal, known=known)
