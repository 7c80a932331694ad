"""Somebody at the kiosk asked for help: an officer says that they go there."""

from __future__ import annotations

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from agent.actions import bell
from kiosk_ui.kiosk import kiosk
from kiosk_ui.sessions import only_for

counter_bell = Blueprint("counter_bell", __name__, url_prefix="/loket/bel")
counter_bell.before_request(only_for("officer", "supervisor"))


@counter_bell.post("")
def answer() -> Response:
    """The bell is silent again."""
    bell.answer(kiosk().store)
    return redirect("/loket", 303)
