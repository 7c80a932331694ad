"""Invented people to practise with; in a real office this page does not exist."""

from __future__ import annotations

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response

from agent.actions import training as practice
from agent.actions.day import local_date
from agent.errors import NotFound
from agent.office_files import invented_people
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import page, reader
from kiosk_ui.sessions import only_for

training = Blueprint("training", __name__, url_prefix="/latihan")


@training.before_request
def only_in_a_training() -> Response | None:
    """Raises NotFound in a real office; then asks who is there."""
    if not kiosk().office.settings.training.on:
        raise NotFound("no-training", "this is no training office")
    return only_for("officer", "supervisor", "technician")()


@training.get("")
def show() -> Response:
    """The people, their stories, and how far somebody is with each."""
    here = kiosk()
    today = local_date(here.store, here.office)
    people = invented_people()
    return page(
        "training.html",
        people=[
            (place, person, person.nik(place + 1, today), person.born(today)) for place, person in enumerate(people)
        ],
        practised=practice.practised(here.store, people),
    )


@training.post("/<int:place>")
def come(place: int) -> Response:
    """One of them takes a number."""
    here = kiosk()
    ticket = practice.come(here.store, here.office, invented_people(), place, here.random_bytes)
    flash(reader().say("training.came", nama=invented_people()[place].name, nomor=ticket.ticket))
    return redirect("/latihan", 303)


@training.post("/semua")
def everybody() -> Response:
    """All of them take a number."""
    here, people = kiosk(), invented_people()
    for place in range(len(people)):
        practice.come(here.store, here.office, people, place, here.random_bytes)
    return redirect("/latihan", 303)
