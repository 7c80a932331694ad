"""One web application for each listener: the citizen's on loopback, the staff's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from flask import Blueprint, Flask, Response

from agent.actions.day import newest_day
from agent.actions.signing_in import Door
from agent.office import Office
from agent.store.database import Store
from kiosk_ui import access, errors, overlong, pages, sessions, uploads
from kiosk_ui.api import api
from kiosk_ui.kiosk import NAME, Kiosk, Listener, kiosk
from kiosk_ui.messages import languages
from kiosk_ui.pulse import leave_pulse
from kiosk_ui.screens.board import board
from kiosk_ui.screens.camat import camat
from kiosk_ui.screens.citizen import citizen
from kiosk_ui.screens.citizen_find import citizen_find
from kiosk_ui.screens.citizen_nik import citizen_nik
from kiosk_ui.screens.citizen_number import citizen_number
from kiosk_ui.screens.citizen_place import citizen_place
from kiosk_ui.screens.citizen_questions import citizen_questions
from kiosk_ui.screens.citizen_village import citizen_village
from kiosk_ui.screens.counter import counter
from kiosk_ui.screens.counter_bell import counter_bell
from kiosk_ui.screens.counter_correct import counter_correct
from kiosk_ui.screens.counter_line import counter_line
from kiosk_ui.screens.counter_lists import counter_lists
from kiosk_ui.screens.counter_moves import counter_moves
from kiosk_ui.screens.counter_notices import counter_notices
from kiosk_ui.screens.counter_numbers import counter_numbers
from kiosk_ui.screens.counter_paper import counter_paper
from kiosk_ui.screens.coverage import coverage
from kiosk_ui.screens.custody import custody
from kiosk_ui.screens.elections import elections
from kiosk_ui.screens.handover import handover
from kiosk_ui.screens.help import help_call
from kiosk_ui.screens.metrics import metrics
from kiosk_ui.screens.outreach import outreach
from kiosk_ui.screens.outreach_told import outreach_told
from kiosk_ui.screens.rating import rating
from kiosk_ui.screens.report import report
from kiosk_ui.screens.report_lists import report_lists
from kiosk_ui.screens.rosters import rosters
from kiosk_ui.screens.sign_in import sign_in
from kiosk_ui.screens.sound import sound
from kiosk_ui.screens.staff_accounts import staff_accounts
from kiosk_ui.screens.stick import stick
from kiosk_ui.screens.stock import stock
from kiosk_ui.screens.surge import surge
from kiosk_ui.screens.technician import technician
from kiosk_ui.screens.technician_life import technician_life
from kiosk_ui.screens.technician_link import technician_link
from kiosk_ui.screens.technician_logs import technician_logs
from kiosk_ui.screens.technician_probe import technician_probe
from kiosk_ui.screens.technician_tests import technician_tests
from kiosk_ui.screens.training import training
from kiosk_ui.screens.work_lines import work_lines

MOST_BODY_BYTES: Final = 64 * 1024
MOST_FORM_FIELDS: Final = 100
SCREENS: Final[dict[Listener, tuple[Blueprint, ...]]] = {
    "citizen": (
        citizen,
        citizen_questions,
        citizen_nik,
        citizen_village,
        citizen_number,
        citizen_place,
        citizen_find,
        help_call,
        rating,
        sound,
    ),
    "staff": (
        sign_in,
        staff_accounts,
        counter,
        counter_bell,
        counter_correct,
        counter_moves,
        counter_notices,
        counter_line,
        counter_lists,
        counter_numbers,
        counter_paper,
        board,
        report,
        report_lists,
        camat,
        coverage,
        custody,
        handover,
        technician,
        outreach,
        outreach_told,
        rosters,
        stick,
        stock,
        surge,
        work_lines,
        elections,
        training,
        technician_life,
        metrics,
        technician_probe,
        technician_link,
        technician_tests,
        technician_logs,
    ),
}


def create_app(
    store: Store,
    office: Office,
    listener: Listener,
    *,
    secret: bytes,
    api_token: str,
    random_bytes: Callable[[int], bytes],
    nudge: Callable[[Path], bool],
) -> Flask:
    """The pages and calls of one listener; both listeners share `store`.

    `secret` signs the sessions of the staff; the citizen's pages have none.
    """
    app = Flask("kiosk_ui", root_path=str(Path(__file__).parent))
    app.extensions[NAME] = Kiosk(store, office, listener, api_token, random_bytes, nudge, Door())
    app.config.update(
        SECRET_KEY=secret,
        MAX_CONTENT_LENGTH=MOST_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BODY_BYTES,
        MAX_FORM_PARTS=MOST_FORM_FIELDS,
    )
    languages(store.home)  # a catalog that could break a page stops it here
    access.guard(app)
    uploads.allow(app)
    errors.handle_all(app)
    pages.make_pages(app)
    app.register_blueprint(api)
    for screen in SCREENS[listener]:
        app.register_blueprint(screen)
    if listener == "staff":
        sessions.keep_sessions(app)
    else:
        overlong.allow(app)
        leave_pulse(app, store)
    app.add_url_rule("/healthz", view_func=healthz)
    return app


def healthz() -> Response:
    """Answers when this process can read its database."""
    newest_day(kiosk().store)
    return Response("ok\n", mimetype="text/plain")
