"""Help for whoever stands at the kiosk: it rings at the counter, and the page they were on is kept."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, request
from werkzeug.wrappers import Response

from agent.actions import bell
from kiosk_ui.access import refuse_other_sites
from kiosk_ui.kiosk import kiosk
from kiosk_ui.look import Same
from kiosk_ui.pages import page

help_call = Blueprint("help_call", __name__)
PATH: Final = re.compile(r"(/[a-z0-9-]+)+/?\Z")


@help_call.post("/bantuan")
def ring() -> Response:
    """Ring, and say that somebody comes; one touch leads back to where the citizen was."""
    refuse_other_sites()
    bell.ring(kiosk().store)
    fields = request.form.to_dict()
    path, posted = fields.pop("back", ""), bool(fields.pop("posted", ""))
    if not posted:
        fields.pop("nik", None)  # never into an address
    return page("help.html", back=Same(path if PATH.match(path) else "/", fields, posted))
