"""A number that was given, or the place on a list, as it stands now."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from flask import Blueprint, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from agent.actions import lists, paper, tickets, waits
from agent.actions.lists import Entry
from agent.clock import local
from agent.store.models import Visit
from kiosk_ui import offers
from kiosk_ui.kiosk import kiosk
from kiosk_ui.look import address_of, travels
from kiosk_ui.pages import clock_time, page, reader
from kiosk_ui.screens import citizen_wish

citizen_number = Blueprint("citizen_number", __name__)
WORTH_TELLING: Final = 10  # estimates of today that came to an end, before a word on how good they were


def number_link(code: str, *, family: str = "", kept: str = "") -> str:
    """The address of a number's page."""
    told = {"kept": kept, "family": family}
    return address_of(f"/nomor/{code}", {**travels(), **{name: value for name, value in told.items() if value}})


@citizen_number.get("/nomor/<code>")
def number(code: str) -> Response:
    """A number that was just given, with those that the same family took before it."""
    visit = tickets.find_by_code(code)
    before = [known for known in citizen_wish.family().split(".") if known not in ("", visit.code)]
    codes = [*before, visit.code]
    return shown(
        visit,
        request_id=visit.request_id,
        family=".".join(codes),
        numbers=tickets.find_by_codes(codes),
        kept=bool(request.args.get("kept")),
    )


def shown(visit: Visit, **more: Any) -> Response:
    """The page of a number, or of its place on a list."""
    here = kiosk()
    entry = lists.place_of(here.store, visit)
    common = {"visit": visit, "service": here.office.services.get(visit.service), "qr": qr(visit.code), **more}
    common |= printed(visit, entry)
    if entry is not None:
        return page("listed.html", entry=entry, when=when(entry), where=where(entry), **common)
    taken = local(visit.taken_t, here.office.zone).date()
    wait = waits.wait_of(here.store, here.office, visit)
    return page(
        "number.html",
        wait=wait,
        notes=[wait_note(each) for each in wait.said],
        good=good(visit),
        taken=reader().say("t.taken", tanggal=reader().day(taken), jam=clock_time(visit.taken_t)),
        **common,
    )


def wait_note(key: str) -> tuple[str, str]:
    """What is said beside an estimate or in its place, by its key and in words."""
    told = reader().say(f"t.wait.{key}")
    return key, f"{offers.closed_until()} {told}" if key == "closed" else told


def printed(visit: Visit, entry: Entry | None) -> dict[str, Any]:
    """What became of the paper, and whether it may still come: then the page looks again."""
    state, asked_t = (visit.print, visit.print_t or visit.taken_t) if entry is None else (entry.print, entry.print_t)
    told = paper.seen(state, asked_t, kiosk().store.clock.wall_ms())
    return {"state": told, "awaited": state == paper.PENDING}


def good(visit: Visit) -> str:
    """How good the estimates of the day were; empty while too few came to an end."""
    told = waits.accuracy(kiosk().store, visit.day)
    return reader().say("t.good", n=told.within, m=told.count) if told.count >= WORTH_TELLING else ""


def when(entry: Entry) -> str:
    """The date of a place on a list, in words."""
    if not entry.date:
        return reader().say("place.no_date")
    day = date.fromisoformat(entry.date)
    return f"{reader().weekday(day)}, {reader().day(day)}"


def where(entry: Entry) -> str:
    """The village of a place on a list; empty for one elsewhere."""
    village = kiosk().office.regions.village(entry.village)
    return village.name if village else ""


def qr(code: str) -> Markup:
    """The code as a picture for a scanner or a telephone; its colours are the page's."""
    import segno

    drawn = segno.make(code, micro=False).svg_inline(omitsize=True, svgclass="qr", lineclass="bars")
    return Markup(drawn)  # noqa: S704 — of our own letters
