"""The local API, for the programs beside the kiosk: a recording workstation, a test."""

from __future__ import annotations

import hmac
from typing import TypeVar

import msgspec
from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from agent.actions import tickets, visits
from agent.actions.tickets import TicketRequest
from agent.errors import BadData, NotAllowed
from agent.office import OUTSIDE, UNKNOWN
from kiosk_ui import bodies, openapi
from kiosk_ui.access import refuse_other_sites
from kiosk_ui.kiosk import kiosk

Body = TypeVar("Body", bound=msgspec.Struct)
api = Blueprint("api", __name__)


@api.before_request
def know_the_caller() -> None:
    """A token for everything but the description, and numbers for the citizen's own screen."""
    if request.endpoint == "api.describe":
        return
    if request.endpoint == "api.post_ticket" and kiosk().listener == "citizen":
        refuse_other_sites()
        return
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise NotAllowed("no-token", "send the token of the file api.token as Authorization: Bearer")
    if not hmac.compare_digest(token.strip().encode(), kiosk().api_token.encode()):
        raise NotAllowed("wrong-token", "this is not the token of the file api.token")


def sent(shape: type[Body]) -> Body:
    """The request's body as a `shape`."""
    if request.mimetype != "application/json":
        raise bodies.WrongType("unsupported-media-type", "send the body as application/json", field="Content-Type")
    try:
        text = request.get_data(cache=False)
    except RequestEntityTooLarge as fault:
        reason = f"a body may have {request.max_content_length} bytes here"
        raise bodies.TooLarge("too-large", reason, field="body") from fault
    return bodies.read(text, shape)


def answer(told: object, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(msgspec.json.encode(told), status, mimetype="application/json")


@api.post("/api/v1/tickets")
def post_ticket() -> Response:
    """Give a number."""
    here, body = kiosk(), sent(bodies.TicketBody)
    asked = msgspec.convert(msgspec.to_builtins(body), TicketRequest)
    given = tickets.take_ticket(here.store, here.office, asked, here.random_bytes)
    here.wake_agent()
    return answer(bodies.ticket_answer(given), 200 if given.again else 201)


@api.post("/api/v1/calls")
def post_call() -> Response:
    """Call whoever is next."""
    here, body = kiosk(), sent(bodies.CallBody)
    for service in body.services:
        if service not in here.office.services:
            raise BadData("unknown-service", f"a service is one of {', '.join(here.office.services)}", field="services")
    visit = visits.call_next(here.store, body.counter, body.services, rules=here.office.line_rules)
    return answer(bodies.visit_answer(visit)) if visit is not None else Response(status=204)


@api.post("/api/v1/visits/<visit>/call")
def post_visit_call(visit: str) -> Response:
    """Call one visit out of turn."""
    return answer(bodies.visit_answer(visits.call(kiosk().store, visit, sent(bodies.CounterBody).counter)))


@api.post("/api/v1/visits/<visit>/recall")
def post_visit_recall(visit: str) -> Response:
    """Call again somebody who did not come."""
    return answer(bodies.visit_answer(visits.recall(kiosk().store, visit, sent(bodies.CounterBody).counter)))


@api.post("/api/v1/visits/<visit>/finish")
def post_visit_finish(visit: str) -> Response:
    """End a visit with an outcome."""
    body = sent(bodies.FinishBody)
    came = visits.Came(body.reason, body.repeated)
    details = {"missing": body.missing, "status_code": body.status_code, "came": came}
    ended = visits.finish(kiosk().store, visit, body.outcome, **details)  # type: ignore[arg-type]
    return answer(bodies.visit_answer(ended))


@api.get("/api/v1/board")
def get_board() -> Response:
    """What the waiting room sees."""
    return answer(bodies.board_answer(kiosk().store))


@api.get("/api/v1/status")
def get_status() -> Response:
    """What `rekam status --json` prints."""
    from agent.status import status

    return answer(status(kiosk().store, kiosk().office))


@api.get("/openapi.json")
def describe() -> Response:
    """This API, described."""
    office = kiosk().office
    villages = (*(village.code for village in office.regions.villages), OUTSIDE, UNKNOWN)
    return answer(openapi.document(office.services, villages))
