"""Forms of the citizen's pages that came too long: read with each field cut, so that nothing chosen is lost."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from flask import Flask, request
from werkzeug.wsgi import get_input_stream

from kiosk_ui.web_server import MOST_BODY_BYTES

MOST_FIELDS: Final = 100
MOST_FIELD_BYTES: Final = 4096  # far above what a field may hold, so a cut one is still told as too long
FORM: Final = "application/x-www-form-urlencoded"


def allow(app: Flask) -> None:
    """Cut what is too long before anything reads a form; programs are refused as before."""
    app.before_request(cut_form)


def cut_form() -> None:
    """Put a cut form in the place of one that is longer than the pages take."""
    if request.mimetype != FORM or request.path.startswith("/api/"):
        return
    if (request.content_length or 0) <= (request.max_content_length or 0):
        return
    body = get_input_stream(request.environ, max_content_length=MOST_BODY_BYTES).read()
    short = cut(body)
    request.environ.update({"wsgi.input": BytesIO(short), "CONTENT_LENGTH": str(len(short))})


def cut(body: bytes) -> bytes:
    """The first fields of a form, in its own encoding, each cut short."""
    return b"&".join(field[:MOST_FIELD_BYTES] for field in body.split(b"&", MOST_FIELDS)[:MOST_FIELDS])
