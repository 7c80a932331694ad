"""The link to central: how it is, what it measures, and each change with its cause."""

from __future__ import annotations

import msgspec
from flask import Blueprint
from werkzeug.wrappers import Response

from agent.actions import link
from agent.actions.link import Moment
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import page, reader, short_moment
from kiosk_ui.sessions import only_for
from kiosk_ui.units import reading, span

technician_link = Blueprint("technician_link", __name__)
technician_link.before_request(only_for("officer", "supervisor", "technician"))


class Row(msgspec.Struct, frozen=True):
    """A state of the link in words; `lasted` is empty for the one that lasts."""

    state: str
    at: str
    lasted: str
    evidence: str
    officer: str
    technician: str
    changes: int


@technician_link.get("/teknisi/jaringan")
def show() -> Response:
    """The newest changes first."""
    store = kiosk().store
    measures = [(name, reading(reader(), name, value)) for name, value in link.readings(store).items()]
    return page("technician_link.html", rows=[in_words(each) for each in link.history(store)], measures=measures)


def in_words(each: Moment) -> Row:
    """A change of the link as a technician reads it."""
    english = reader().code == "en"
    lasted = "" if each.seconds is None else span(reader(), each.seconds)
    officer, technician = ((said.en if english else said.id) for said in (each.officer, each.technician))
    return Row(each.state, short_moment(each.t), lasted, each.evidence, officer, technician, each.changes)
