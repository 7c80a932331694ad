"""By USB stick to central and back: which sticks there are, one button each way, and how far it is."""

from __future__ import annotations

from typing import Final, Literal

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from agent.actions import carrying
from agent.errors import Conflict, NotFound
from agent.status import status
from kiosk_ui.kiosk import kiosk
from kiosk_ui.messages import Language
from kiosk_ui.navigation import EVERYBODY
from kiosk_ui.pages import page, reader
from kiosk_ui.sessions import only_for

stick = Blueprint("stick", __name__, url_prefix="/teknisi/stik")
stick.before_request(only_for(*EVERYBODY))
DIRECTIONS: Final[dict[str, Literal["out", "in"]]] = {"keluar": "out", "masuk": "in"}
UNITS: Final = (("GB", 1000**3), ("MB", 1000**2))


@stick.get("")
def show() -> Response:
    """The sticks, or how far the one at hand is; while it works nobody looks for others."""
    store = kiosk().store
    now = carrying.newest(store)
    at_work = now is not None and not now.is_over
    state = status(store, kiosk().office)
    unheld = sum(each["last"] - each["held"] for each in state["streams"].values())
    return page(
        "stick.html",
        search=None if at_work else carrying.search(store),
        now=now,
        at_work=at_work,
        unheld=unheld,
        pairing=state["pairing"],
        size=lambda value: size(reader(), value),
        directions=DIRECTIONS,
    )


@stick.post("")
def begin() -> Response:
    """Begin to carry; a stick that was pulled meanwhile is simply no longer listed."""
    direction = DIRECTIONS.get(request.form.get("arah", ""))
    if direction is not None:
        try:
            carrying.begin(kiosk().store, direction, request.form.get("tempat", ""))
        except (NotFound, Conflict):
            return redirect("/teknisi/stik", 303)
    return redirect("/teknisi/stik", 303)


def size(words: Language, value: int) -> str:
    """Bytes as they stand on a stick's box: powers of ten."""
    unit, one = next((each for each in UNITS if value >= each[1]), UNITS[-1])
    return f"{words.number(value / one, 1)} {unit}"
