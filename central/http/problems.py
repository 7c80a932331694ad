"""Errors as problem documents, RFC 9457: {type, title, status, detail, code, field}."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any, Final

import msgspec
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from agent.errors import NotAllowed, RekamError, SettingsError, StoreError

MEDIA_TYPE: Final = "application/problem+json"
RETRY_S: Final = 30  # a database that is away is back soon, or not before a person looks
UNKNOWN_CALLER: Final = ("unknown-kiosk", "stale", "no-heartbeat", "sign-in")
LATER: Final = {"suspended": 3600, "busy": 5, "full": 3600}

log = logging.getLogger("rekam.central")


class ProblemDocument(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is wrong, for a program by `code` and for a person by `detail`; `limit` in bytes with `too-large`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str = ""
    limit: int | None = None


class TooLarge(RekamError):
    """A body above `limit` bytes."""

    http_status = 413

    def __init__(self, what: str, limit: int, *, field: str = "body") -> None:
        super().__init__("too-large", what, field=field)
        self.limit = limit


class Busy(RekamError):
    """More at once than this receiver takes."""

    http_status = 503


def status_of(fault: RekamError) -> int:
    """The HTTP status for an error: what a caller may repeat later is never a 4xx."""
    if fault.code in LATER or isinstance(fault, StoreError | SettingsError):
        return HTTPStatus.SERVICE_UNAVAILABLE
    if isinstance(fault, NotAllowed) and fault.code in UNKNOWN_CALLER:
        return HTTPStatus.UNAUTHORIZED
    return fault.http_status


def answer(status: int, code: str, detail: str, *, field: str = "", limit: int | None = None) -> Response:
    """A problem document, or a page for a person; with Retry-After where the caller should come again."""
    title = HTTPStatus(status).phrase
    if for_person():
        response = Response(render_template("problem.html", title=title, detail=detail), status, mimetype="text/html")
    else:
        problem = ProblemDocument(f"urn:rekam:problem:{code}", title, status, detail, code, field, limit)
        response = Response(msgspec.json.encode(problem), status, mimetype=MEDIA_TYPE)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(LATER.get(code, RETRY_S))
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def for_person() -> bool:
    """Whether a browser asked for a page; kiosks, monitors and programs ask otherwise or for something else."""
    wanted = request.accept_mimetypes.best_match([MEDIA_TYPE, "text/html"])
    return wanted == "text/html" and not request.path.startswith("/v1/")


def register(app: Flask) -> None:
    """Answer every error of this app with a problem document."""

    @app.errorhandler(RekamError)
    def expected(fault: RekamError) -> Response:
        status = status_of(fault)
        if status >= 500:
            log.warning("%s", fault)
        limit = fault.limit if isinstance(fault, TooLarge) else None
        return answer(status, fault.code, fault.sentence, field=fault.field, limit=limit)

    @app.errorhandler(HTTPException)
    def of_werkzeug(fault: HTTPException) -> Response:
        status = fault.code or 500
        code = HTTPStatus(status).phrase.lower().replace(" ", "-")
        response = answer(status, code, fault.description or fault.name)
        for name, value in fault.get_headers():
            if name.lower() in ("allow", "location"):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def unexpected(fault: Exception) -> Any:
        log.error("a request failed", exc_info=fault)
        return answer(500, "internal", "this is a fault of central; its log says more")
