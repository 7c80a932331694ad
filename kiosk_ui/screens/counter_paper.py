"""Visits that were noted on paper while there was no power: entered one after another, with their time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import msgspec
from flask import Blueprint, flash, g, redirect, request, session
from werkzeug.wrappers import Response

from agent.actions import noted
from agent.actions.tickets import TicketRequest
from agent.actions.visits import Came
from agent.domain import paper_time
from agent.domain.surge import REASONS
from agent.errors import BadData, Conflict
from kiosk_ui import offers
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import page, reader, today
from kiosk_ui.screens.counter import OUTCOME_GROUPS
from kiosk_ui.sessions import only_for

counter_paper = Blueprint("counter_paper", __name__, url_prefix="/loket/kertas")
counter_paper.before_request(only_for("officer", "supervisor"))
SHOWN: Final = 10
DAYS: Final = 7
STAYS: Final = "paper"  # what the next row of the same sheet most likely has too
FAULTS: Final = {
    "noted-time": "paper.not_yet",
    "unknown-outcome": "paper.choose_outcome",
    "unknown-village": "village.again",
    "unknown-service": "paper.choose_service",
    "unknown-reason": "paper.choose_reason",
}


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row as it was typed."""

    date: str = ""
    time: str = ""
    service: str = ""
    village: str = "unknown"
    outcome: str = ""
    priority: str = ""
    reason: str = ""
    repeated: str = ""
    request: str = ""

    def stays(self) -> dict[str, str]:
        """What the next row begins with."""
        return {"date": self.date, "service": self.service, "village": self.village, "outcome": self.outcome}


def typed() -> Row:
    """The row of this request."""
    return Row(**{field: request.form.get(field, "")[:64] for field in Row.__struct_fields__})


def days() -> list[date]:
    """The days that a paper may be from, today first."""
    return [today() - timedelta(days=back) for back in range(DAYS)]


@counter_paper.get("")
def show() -> Response:
    """An empty row, with what was the same in the last one."""
    return rows(Row(**session.get(STAYS, {}), request=kiosk().request_id()))


def rows(row: Row, fault: str = "") -> Response:
    """The form with a row, and what was entered before it."""
    store = kiosk().store
    entered = noted.newest(store, g.officer.number, SHOWN)
    values = {"row": row, "days": days(), "entered": entered, "groups": OUTCOME_GROUPS, "reasons": REASONS}
    return page("counter_paper.html", 422 if fault else 200, fault=fault, **values)


@counter_paper.post("")
def enter() -> Response:
    """Keep one row and offer the next; a bad one stays as it was typed, with what is wrong with it."""
    row, here = typed(), kiosk()
    at = paper_time.read_time(row.time)
    day = next((each for each in days() if each.isoformat() == row.date), None)
    if at is None or day is None:
        return rows(row, reader().say("paper.time_wrong" if day else "paper.day_wrong"))
    asked = TicketRequest(
        service=row.service,
        village=row.village,
        request_id=noted.request_name(g.officer.number, row.request),
        priority=bool(row.priority),
        by=g.officer.number,
        noted=paper_time.wall_ms(day, at, here.office.zone),
    )
    said = {"outcome": row.outcome, "came": Came(row.reason or None, bool(row.repeated))}
    try:
        ticket = noted.enter(here.store, here.office, asked, random_bytes=here.random_bytes, **said)  # type: ignore[arg-type]
    except BadData as bad:
        return rows(row, reader().say(FAULTS.get(bad.code, "err.generic")))
    except Conflict:  # the same page was sent again with another row in it
        return rows(msgspec.structs.replace(row, request=here.request_id()), reader().say("paper.again"))
    session[STAYS] = row.stays()
    flash(reader().say("paper.kept", nomor=ticket.ticket, layanan=offers.named((row.service,)), jam=f"{at:%H.%M}"))
    return redirect("/loket/kertas", 303)
