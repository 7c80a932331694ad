"""How pages are made: language, words, numbers and times of the reader."""

from __future__ import annotations

from flask import Response


def error_page(status: int, code: str) -> Response:
    """A kind sentence with the next step."""
    return Response(f"{status} {code}", status)
