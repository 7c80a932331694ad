"""The edge of every request: whatever was raised becomes a sentence with a next step, never a traceback."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Final

import msgspec
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from agent.errors import RekamError, StoreError
from kiosk_ui import pages
from kiosk_ui.bodies import Problem

PROBLEM: Final = "application/problem+json"
NO_CALLER: Final = ("no-token", "wrong-token")  # 401: somebody, but nobody we know
_log = logging.getLogger(__name__)


def handle_all(app: Flask) -> None:
    """Answer every error of `app`."""
    app.register_error_handler(RekamError, answer_expected)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(Exception, answer_unforeseen)


def status_of(error: RekamError) -> int:
    """The HTTP status of an expected error."""
    return HTTPStatus.UNAUTHORIZED if error.code in NO_CALLER else error.http_status


def answer_expected(error: RekamError) -> Response:
    """What was raised on purpose."""
    if isinstance(error, StoreError):
        _log.error("%s", error)
    answer = tell(status_of(error), error.code, error.sentence, error.field)
    if error.code in NO_CALLER:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def answer_http(error: HTTPException) -> Response:
    """What Flask refuses by itself: an unknown path, a wrong method, a body too large."""
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    answer = tell(status, status.phrase.lower().replace(" ", "-"), error.description or status.phrase, "")
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "Location"):
            answer.headers[name] = value
    if error.code is not None and error.code in range(300, 400):
        answer.status_code = error.code
    return answer


def answer_unforeseen(error: Exception) -> Response:
    """What nobody expected: logged with its place, told without it."""
    _log.error("an unforeseen error at %s", request.endpoint, exc_info=error)
    return tell(HTTPStatus.INTERNAL_SERVER_ERROR, "unforeseen", "this went wrong here; try again", "")


def tell(status: int, code: str, sentence: str, field: str) -> Response:
    """A problem document for a program, a page for a person."""
    if not for_program():
        return pages.error_page(status, code)
    return problem(status, code, sentence, field)


def for_program() -> bool:
    """Whether this request is of the local API."""
    return request.path.startswith("/api/") or request.path == "/openapi.json"


def problem(status: int, code: str, sentence: str, field: str = "") -> Response:
    """An RFC 9457 answer."""
    told = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=sentence,
        code=code,
        field=field or None,
    )
    return Response(msgspec.json.encode(told), status, mimetype=PROBLEM)
