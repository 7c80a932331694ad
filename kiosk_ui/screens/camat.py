"""The camat's page: this kecamatan today and this week, on one page that a telephone shows; nothing can be changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import Blueprint
from werkzeug.wrappers import Response

from agent.actions import coverage, notices, outreach, reports, stock, told_trips
from agent.domain import period as periods
from agent.domain import report as counted
from agent.domain.period import Period
from kiosk_ui import offers
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import day_and_time, page, reader, today
from kiosk_ui.screens.report import title
from kiosk_ui.sessions import only_for

camat = Blueprint("camat", __name__, url_prefix="/laporan/camat")
camat.before_request(only_for("supervisor", "camat"))
WEEK: Final = 7
VILLAGES_SHOWN: Final = 8


@camat.get("")
def show() -> Response:
    """Everything on one page."""
    here = kiosk()
    day = periods.of("day", today())
    week = [periods.of("day", day.first - timedelta(days=ago)) for ago in reversed(range(WEEK))]
    rows = reports.rows(here.store, here.office, Period("day", week[0].first, day.last))
    by_day = counted.summary(rows).days
    unserved = outreach.unserved(here.store, here.office)
    return page(
        "camat.html",
        title=title(reader(), day),
        today=day.name,
        counts=counted.summary([row for row in rows if row.day == day.name]),
        week=[(each.name, reader().weekday(each.first), by_day.get(each.name, 0)) for each in week],
        most=max(by_day.values(), default=0),
        disturbed=[offers.sentence(each) for each in notices.open_notices(here.store)],
        stock=stock.overview(here.store, here.office),
        coverage=coverage.standings(here.office, coverage.entries(here.store, here.office)),
        told=told_trips.told(here.store, week[0].name, day.name, most=reports.ALL),
        unserved=unserved,
        shown=VILLAGES_SHOWN,
        made=day_and_time(here.store.clock.wall_ms()),
    )
