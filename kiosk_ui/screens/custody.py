"""Who has which lines: recorded here, handed over, held by central; and what central refused."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, request
from werkzeug.wrappers import Response

from agent.actions import custody as books
from agent.actions import refused
from agent.actions.object_looks import last_look
from agent.domain.custody import Until
from agent.wire.line import StreamName
from kiosk_ui.kiosk import kiosk
from kiosk_ui.navigation import EVERYBODY
from kiosk_ui.pages import clock_time, day_and_time, page
from kiosk_ui.sessions import only_for

custody = Blueprint("custody", __name__, url_prefix="/laporan")
custody.before_request(only_for(*EVERYBODY))
STREAMS: Final[dict[str, StreamName]] = {"kunjungan": "enrollments", "kesehatan": "health"}


@custody.get("/serah-terima")
def show() -> Response:
    """The newest days of a stream, `aliran`; with `buku` and `sampai` those of a ledger up to a line."""
    here = kiosk()
    chosen = request.args.get("aliran", "")
    stream = STREAMS.get(chosen, "enrollments")
    last = request.args.get("sampai", 0, type=int)
    until = Until(request.args.get("buku", ""), last) if last > 0 else None
    return page(
        "custody.html",
        books=books.books(here.store, here.office.zone, stream, until),
        stream=stream,
        streams=STREAMS,
        look=last_look(here.store) if here.office.settings.objects.is_on else None,
        when=day_and_time,
        at=clock_time(here.store.clock.wall_ms()),
    )


@custody.get("/serah-terima/ditolak")
def show_refused() -> Response:
    """Every refused line with its reason and the next step; nothing waits for them."""
    store = kiosk().store
    lines = refused.refused_lines(store)
    return page("refused.html", lines=lines, counted=refused.counted(store), codes=refused.CODES, when=day_and_time)
