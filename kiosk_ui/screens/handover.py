"""The hand-over sheet, to be printed; and the strip that tells officers of the link and of late hand-over."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from agent.actions import handover as actions
from agent.actions import link
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import day_and_time, page
from kiosk_ui.sessions import only_for

handover = Blueprint("handover", __name__, url_prefix="/laporan/serah-terima/lembar")
handover.before_request(only_for("officer", "supervisor", "technician"))


@handover.app_context_processor
def strip() -> dict[str, Any]:
    """What `handover_strip.html` asks, on the pages that include it."""
    return {
        "handover_standing": lambda: actions.standing(kiosk().store, kiosk().office),
        "link_words": lambda: link.for_officers(kiosk().store),
    }


@handover.get("")
def show() -> Response:
    """What central lacks, with codes to check it by, and room to sign."""
    here = kiosk()
    return page(
        "handover.html",
        sheet=actions.sheet(here.store, here.office),
        made=day_and_time(here.store.clock.wall_ms()),
    )
