"""The local API in OpenAPI 3.1, made from the structs that read and write its bodies."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

import msgspec

from agent.version import VERSION
from kiosk_ui import bodies
from kiosk_ui.status_shape import StatusAnswer

REF: Final = "#/components/schemas/{name}"

PAPERS_GO_WITH_ONE_OUTCOME: Final[dict[str, Any]] = {
    "if": {"required": ["missing"], "properties": {"missing": {"minItems": 1}}},
    "then": {"properties": {"outcome": {"const": "incomplete_papers"}}},
}


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call: what it takes, what it answers, which problems it may have."""

    method: str
    path: str
    name: str
    summary: str
    body: type[msgspec.Struct] | None = None
    answers: dict[int, type[msgspec.Struct] | None]
    problems: tuple[int, ...]
    token_optional: bool = False


WITH_BODY: Final = (400, 401, 413, 415, 422, 500, 507)
VISIT_MOVE: Final = (*WITH_BODY, 404, 409)
CALLS: Final = (
    Call(
        method="post", path="/api/v1/tickets", name="takeTicket", body=bodies.TicketBody, token_optional=True,
        summary="Give a number. On the citizen's listener no token is needed; 200 is the same number again.",
        answers={201: bodies.TicketAnswer, 200: bodies.TicketAnswer}, problems=(*WITH_BODY, 403, 409),
    ),
    Call(
        method="post", path="/api/v1/calls", name="callNext", body=bodies.CallBody,
        summary="Call whoever is next; 204 when nobody waits.",
        answers={200: bodies.VisitAnswer, 204: None}, problems=WITH_BODY,
    ),
    Call(
        method="post", path="/api/v1/visits/{visit}/call", name="callVisit", body=bodies.CounterBody,
        summary="Call one waiting visit out of turn.",
        answers={200: bodies.VisitAnswer}, problems=VISIT_MOVE,
    ),
    Call(
        method="post", path="/api/v1/visits/{visit}/recall", name="recallVisit", body=bodies.CounterBody,
        summary="Call a called visit again.",
        answers={200: bodies.VisitAnswer}, problems=VISIT_MOVE,
    ),
    Call(
        method="post", path="/api/v1/visits/{visit}/finish", name="finishVisit", body=bodies.FinishBody,
        summary="End a visit with an outcome.",
        answers={200: bodies.VisitAnswer}, problems=VISIT_MOVE,
    ),
    Call(
        method="get", path="/api/v1/board", name="getBoard",
        summary="The newest calls and what is disturbed.",
        answers={200: bodies.BoardAnswer}, problems=(401, 500),
    ),
    Call(
        method="get", path="/api/v1/status", name="getStatus",
        summary="What `rekam status --json` prints.",
        answers={200: StatusAnswer}, problems=(401, 500),
    ),
)  # fmt: skip


def document(services: Iterable[str], villages: Iterable[str]) -> dict[str, Any]:
    """The whole description, for an office that has these services and villages."""
    _, components = msgspec.json.schema_components(shapes(), ref_template=REF)
    offered = {"enum": list(services)}
    components["TicketBody"]["properties"]["service"] |= offered
    components["TicketBody"]["properties"]["village"] |= {"enum": list(villages)}
    components["CallBody"]["properties"]["services"]["items"] |= offered
    components["FinishBody"] |= PAPERS_GO_WITH_ONE_OUTCOME
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Rekam, local API of one office",
            "version": VERSION,
            "description": "For the programs beside the kiosk. Errors are RFC 9457 problem documents with a `code`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"token": []}],
        "paths": paths(),
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "the file api.token"}},
        },
    }


def shapes() -> list[type[msgspec.Struct]]:
    """Every body that is sent or answered, by name."""
    named: dict[str, type[msgspec.Struct]] = {bodies.Problem.__name__: bodies.Problem}
    for call in CALLS:
        named |= {shape.__name__: shape for shape in (call.body, *call.answers.values()) if shape is not None}
    return [named[name] for name in sorted(named)]


def paths() -> dict[str, dict[str, Any]]:
    """Every path with its calls."""
    found: dict[str, dict[str, Any]] = {}
    for call in CALLS:
        found.setdefault(call.path, {})[call.method] = operation(call)
    return found


def operation(call: Call) -> dict[str, Any]:
    """One call in the words of OpenAPI."""
    told: dict[str, Any] = {"operationId": call.name, "summary": call.summary, "responses": responses(call)}
    if call.token_optional:
        told["security"] = [{"token": []}, {}]
    if "{visit}" in call.path:
        told["parameters"] = [{"name": "visit", "in": "path", "required": True, "schema": {"type": "string"}}]
    if call.body is not None:
        told["requestBody"] = {"required": True, "content": content("application/json", call.body)}
    return told


def responses(call: Call) -> dict[str, Any]:
    """The answers of a call, good ones first."""
    good = {str(status): response(status, "application/json", shape) for status, shape in call.answers.items()}
    bad = {str(status): response(status, "application/problem+json", bodies.Problem) for status in call.problems}
    return good | bad


def response(status: int, media_type: str, shape: type[msgspec.Struct] | None) -> dict[str, Any]:
    """One answer."""
    told: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if shape is not None:
        told["content"] = content(media_type, shape)
    return told


def content(media_type: str, shape: type[msgspec.Struct]) -> dict[str, Any]:
    """A body of a media type."""
    return {media_type: {"schema": {"$ref": REF.format(name=shape.__name__)}}}
