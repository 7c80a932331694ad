"""What officers tell everybody by one tap: the link is down, a set is broken, blanks are out."""

from __future__ import annotations

from contextlib import suppress

import msgspec
from flask import Blueprint, g, redirect, request
from werkzeug.wrappers import Response

from agent.actions import notices
from agent.errors import BadData, NotFound
from kiosk_ui import offers
from kiosk_ui.kiosk import kiosk
from kiosk_ui.sessions import only_for

counter_notices = Blueprint("counter_notices", __name__, url_prefix="/loket/kabar")
counter_notices.before_request(only_for("officer", "supervisor"))


class Shown(msgspec.Struct, frozen=True):
    """A notice as officers see it; `over` where the machine finds working what it calls disturbed."""

    number: int
    what: str
    sentence: str
    services: str
    proposed: bool
    over: bool


def shown() -> list[Shown]:
    """What people are told now."""
    store = kiosk().store
    return [
        Shown(
            number=each.number,
            what=each.what,
            sentence=offers.sentence(each),
            services=offers.named(each.services),
            proposed=each.proposed,
            over=not each.proposed and notices.seems_over(store, each.what),
        )
        for each in notices.open_notices(store)
    ]


@counter_notices.post("")
def tell() -> Response:
    """Set a notice; what stands already is confirmed."""
    here = kiosk()
    chosen = request.form.get("service", "")
    services = (tuple(here.office.services) if chosen == "all" else (chosen,)) if chosen else ()
    with suppress(BadData):  # only a page from before a change of services.toml asks for what there is not
        notices.set_notice(here.store, here.office, request.form.get("what", ""), g.officer.number, services)
    return redirect("/loket", 303)


@counter_notices.post("/<int:number>/benar")
def confirm(number: int) -> Response:
    """What the machine proposed is so; from now on only an officer clears it."""
    here = kiosk()
    for each in notices.open_notices(here.store):
        if each.number == number:
            with suppress(BadData):
                notices.set_notice(here.store, here.office, each.what, g.officer.number, each.services)
    return redirect("/loket", 303)


@counter_notices.post("/<int:number>/pulih")
def clear(number: int) -> Response:
    """It is over."""
    with suppress(NotFound):
        notices.clear_notice(kiosk().store, number, g.officer.number)
    return redirect("/loket", 303)
