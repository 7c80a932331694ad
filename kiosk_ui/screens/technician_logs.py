"""The newest messages of Rekam's programs, and one file of everything for central."""

from __future__ import annotations

from typing import Final

import msgspec
from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from agent import bundle, requests
from agent.actions import carrying, logs
from agent.log_files import PROGRAMS
from agent.requests import BUNDLE, Progress
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import page, short_moment
from kiosk_ui.sessions import only_for

technician_logs = Blueprint("technician_logs", __name__, url_prefix="/teknisi/catatan")
technician_logs.before_request(only_for("supervisor", "technician"))
MOST: Final = 200
LONGEST_WORDS: Final = 60


@technician_logs.get("")
def show() -> Response:
    """The messages that fit, the newest first."""
    here = kiosk()
    level, program = request.args.get("tingkat", "INFO"), request.args.get("program", "")
    words = request.args.get("kata", "")[:LONGEST_WORDS]
    found = logs.messages(here.store, logs.secrets(here.store, here.office, here.api_token))
    chosen = logs.chosen(found, level=level, program=program, words=words, most=MOST)
    return page(
        "technician_logs.html",
        entries=[(short_moment(entry.t), entry) for entry in chosen],
        level=level,
        levels=tuple(logs.LEVELS),
        program=program,
        programs=PROGRAMS,
        asked=words,
        search=carrying.search(here.store),
        carried=carried(),
    )


def carried() -> Progress | None:
    """How far the newest file for a stick is; None where nobody asked for one."""
    found = requests.newest(kiosk().store, BUNDLE)
    if found is None:
        return None
    return msgspec.json.decode(found[1], type=Progress) if found[1] else Progress(requests.WORKING)


@technician_logs.get("/diagnosa.zip")
def download() -> Response:
    """The file for central."""
    here = kiosk()
    body = bundle.build(here.store, here.office, here.api_token)
    answer = Response(body, mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{bundle.name(here.store, here.office)}"'
    return answer


@technician_logs.post("/stik")
def to_stick() -> Response:
    """Have the agent put the file on a stick that it found; one that was pulled is simply no longer listed."""
    store, place = kiosk().store, request.form.get("tempat", "")
    if place in [each.place for each in carrying.answered(store, 0) or []]:
        requests.ask(store, f"{BUNDLE} {place}")
    return redirect("/teknisi/catatan", 303)
