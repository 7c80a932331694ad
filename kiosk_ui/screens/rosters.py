"""Rosters: lists of expected people are taken in, matched at the counter, counted by village, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from flask import Blueprint, flash, g, redirect, request
from werkzeug.wrappers import Response

from agent import vault
from agent.actions import roster_refusals
from agent.actions import rosters as actions
from agent.actions.rosters import Match, Roster, Wanted
from agent.domain import roster as rules
from agent.domain.roster import Person
from agent.domain.roster_cells import birth_date, person_name
from agent.errors import BadData, Conflict, NotFound
from agent.guard import guarded
from agent.store.database import Store
from kiosk_ui import figures, uploads
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import day_and_time, page, reader, today
from kiosk_ui.report_words import day_name, village_name
from kiosk_ui.screens.report_lists import as_csv
from kiosk_ui.sessions import only_for, only_supervisors

rosters = Blueprint("rosters", __name__, url_prefix="/sasaran")
rosters.before_request(only_for("officer", "supervisor"))
LONGEST: Final = 200
SHOWN: Final = 200


@rosters.get("")
def show() -> Response:
    """Every roster with how far it is, and forms; from the counter with the visit in work."""
    return sheet({"visit": request.args.get("visit", "")[:64]})


def sheet(
    typed: dict[str, str], told: str = "", status: int = 200, found: list[tuple[Match, str]] | None = None
) -> Response:
    """The page, with what was typed and what came of it."""
    store = kiosk().store
    known = [(each, totals(each)) for each in actions.rosters(store)]
    return page(
        "rosters.html",
        status,
        rosters=known,
        purposes=rules.PURPOSES,
        typed=typed,
        told=told,
        found=found,
        when=day_and_time,
    )


def totals(roster: Roster) -> tuple[int, int]:
    """How many of a roster were met, and how many are expected."""
    found = actions.reached(kiosk().store, roster.number)
    return sum(each.met for each in found), sum(each.expected for each in found)


@rosters.post("")
def take() -> Response:
    """A supervisor brings a file; a process of its own takes it in."""
    only_supervisors("a supervisor brings and deletes rosters")
    typed = {name: request.form.get(name, "")[:LONGEST] for name in ("title", "purpose", "expires")}
    here, file = kiosk(), request.files.get("file")
    if here.office.settings.training.on:
        return sheet(typed, reader().say("roster.why.training"), 422)
    if file is None or not file.filename:
        return sheet(typed, reader().say("roster.why.no-file"), 422)
    try:
        wanted = Wanted(typed["title"], typed["purpose"], figures.day(typed["expires"], "expires"), g.officer.number)
        number = actions.begin(here.store, here.office, wanted, here.random_bytes)
    except BadData as fault:
        return sheet(typed, why(fault.code), 422)
    kept = uploads.put_aside(file.stream, here.store.home, number)
    config = here.store.home / "kiosk.toml"
    words = ("roster", "load", "--config", str(config), "--by", str(g.officer.number), str(number), str(kept))

    uploads.start(*words, ended=lambda: guarded("roster", lambda: after_reading(here.store, number, kept)))
    return redirect(f"/sasaran/{number}", 303)


def after_reading(store: Store, number: int, kept: Path) -> None:
    """Its reader is gone, killed perhaps: nobody waits for it, and its file goes too."""
    kept.unlink(missing_ok=True)
    actions.refuse_unfinished(store, number)
    store.database.close()  # this thread's reading connection


def why(code: str) -> str:
    """Why a list or a row was refused."""
    key = f"roster.why.{code.removeprefix('roster-')}"
    return reader().say(key if reader().has(key) else "roster.why.file")


@rosters.get("/<int:number>")
def show_one(number: int) -> Response:
    """One roster: how far it is by village, and which rows were refused."""
    roster = actions.find(kiosk().store, number)
    met = actions.met(kiosk().store, number)
    return page(
        "roster.html",
        roster=roster,
        met=[(village_name(village), day_name(day), ticket) for village, day, ticket in met[:SHOWN]],
        reached=actions.reached(kiosk().store, number),
        totals=totals(roster),
        why=why,
        village_name=village_name,
        refused=roster_refusals.rows(kiosk().store, number, SHOWN),
        reasons=roster_refusals.reasons(kiosk().store, number),
    )


@rosters.get("/<int:number>/dilayani.csv")
def met_csv(number: int) -> Response:
    """Every visit at which somebody of the roster was met; it says nothing of the person."""
    actions.find(kiosk().store, number)
    header = [reader().say(key) for key in ("col.village", "trip.date", "col.ticket")]
    return as_csv(f"dilayani-{number}", [header, *actions.met(kiosk().store, number)])


@rosters.get("/<int:number>/ditolak.csv")
def refused_csv(number: int) -> Response:
    """Every refused row with its reason."""
    actions.find(kiosk().store, number)
    header = [reader().say("roster.row"), reader().say("roster.reason")]
    rows = ([fault.row, why(fault.why)] for fault in roster_refusals.rows(kiosk().store, number))
    return as_csv(f"ditolak-{number}", [header, *rows])


@rosters.post("/<int:number>/hapus")
def delete(number: int) -> Response:
    """A supervisor deletes a roster."""
    only_supervisors("a supervisor brings and deletes rosters")
    actions.delete(kiosk().store, number, g.officer.number)
    flash(reader().say("roster.deleted"))
    return redirect("/sasaran", 303)


@rosters.post("/cek")
def look_up() -> Response:
    """Whether somebody may be on a roster; what is typed is kept nowhere."""
    typed = {name: request.form.get(name, "")[:LONGEST] for name in ("nik", "name", "born", "visit")}
    try:
        person = asked(typed)
    except BadData as fault:
        return sheet(typed, why(fault.code), 422)
    found = [(match, told(match)) for match in actions.matches(kiosk().store, person)]
    return sheet(typed, found=found)


def asked(typed: Mapping[str, str]) -> Person:
    """The person that is asked for; raises BadData."""
    if typed["nik"].strip():
        nik = kiosk().office.check_nik(typed["nik"], kiosk().store.clock)
        return Person(nik=nik.number if nik else "")
    born = birth_date(typed["born"], today())
    name = person_name(typed["name"])
    if not name or born is None:
        raise BadData("no-person", "a NIK, or name and date of birth", field="name")
    return Person(name=name, born=born)


def told(match: Match) -> str:
    """A possible match in words."""
    village = village_name(match.village) if match.village else "–"
    return reader().say("roster.match", daftar=match.roster.title, desa=village)


@rosters.post("/<int:number>/cocok")
def confirm(number: int) -> Response:
    """The officer looked at the card: this visit's person is on the roster."""
    visit = request.form.get("visit", "")[:64]
    typed = {name: request.form.get(name, "")[:LONGEST] for name in ("name", "born")}
    try:
        person = asked({**typed, "nik": nik_of(visit) if not typed["name"] else ""})
        actions.confirm(kiosk().store, number, visit, person, g.officer.number)
    except (NotFound, Conflict, BadData):
        flash(reader().say("roster.gone"))
    return redirect("/loket", 303)


def nik_of(visit: str) -> str:
    """The NIK of a visit in work, while it lies in memory."""
    return (vault.readable(kiosk().store, visit) or {}).get("nik", "")


def for_counter(visit: str, nik: str) -> list[tuple[Roster, str]]:
    """The rosters that the person in work may be on, and `sure` or `before` where an officer confirmed it."""
    if not nik:
        return []
    sure = actions.confirmed(kiosk().store, visit)
    found = actions.matches(kiosk().store, Person(nik=nik))
    return [(each.roster, "sure" if each.roster.number in sure else "before" if each.met else "") for each in found]
