"""The two lines of work side by side: who waits, which counters serve, how long it takes, what was done."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from agent.actions import day
from agent.actions import work_lines as work
from agent.domain import period
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import page
from kiosk_ui.sessions import only_for

work_lines = Blueprint("work_lines", __name__, url_prefix="/lini")
work_lines.before_request(only_for("officer", "supervisor", "camat"))


@work_lines.get("")
def show() -> Response:
    """Both lines, today or in this month."""
    here, month = kiosk(), request.args.get("masa") == "bulan"
    newest = day.newest_day(here.store)
    today = newest.date if newest else day.local_date(here.store, here.office)
    chosen = period.of("month" if month else "day", today)
    lines = work.lines(here.store, here.office, chosen)
    return page("work_lines.html", lines=lines, month=month, period=chosen, newest=today.isoformat())
