"""How busy today is, what to open, and why people came."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, request
from werkzeug.wrappers import Response

from agent.actions import surge as busy
from agent.actions.visits import today
from agent.domain import period as periods
from agent.domain.surge import REASONS, UNKNOWN, shares
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import page
from kiosk_ui.screens.report import newest_date
from kiosk_ui.sessions import only_for

surge = Blueprint("surge", __name__, url_prefix="/lonjakan")
surge.before_request(only_for("officer", "supervisor"))


@surge.get("")
def show() -> Response:
    """Today against the usual, what each line needs, and the reasons of a day or of a month."""
    here, month = kiosk(), request.args.get("masa") == "bulan"
    now = busy.today(here.store, here.office)
    chosen = periods.of("month" if month else "day", newest_date())
    counts = busy.reasons(here.store, here.office, chosen)
    total = sum((Counter(of_service) for of_service in counts.values()), Counter[str]())
    return page(
        "surge.html",
        now=now,
        coming=busy.coming(here.store, here.office),
        days=busy.days_before(here.store, here.office, today(here.store)),
        lines=busy.lines(here.store, here.office),
        sets=busy.sets(here.store, here.office, now.mean if now else 0.0),
        month=month,
        period=chosen,
        newest=newest_date().isoformat(),
        counts=counts,
        reasons=(*REASONS, UNKNOWN),
        total=total,
        shares=shares({reason: total[reason] for reason in (*REASONS, UNKNOWN)}),
    )
