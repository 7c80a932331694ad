"""The citizen's way from the welcome to a number. No sign-in, no cookie.

What was chosen travels with the pages; a NIK only ever in the body of a form, never in an address.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec
from flask import Blueprint, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from agent.actions import kiosk_life, tickets, waits
from agent.actions.tickets import TicketRequest
from agent.clock import local
from agent.domain.kiosk_life import ACTIVE
from agent.domain.nik import Nik
from agent.errors import BadData, Conflict
from agent.office import OUTSIDE, UNKNOWN
from agent.vault import sealing_key
from kiosk_ui import offers, queries
from kiosk_ui.access import refuse_other_sites
from kiosk_ui.kiosk import kiosk
from kiosk_ui.look import address_of, travels
from kiosk_ui.messages import DEFAULT
from kiosk_ui.pages import address, clock_time, page, reader

citizen = Blueprint("citizen", __name__)
LONGEST_NIK: Final = 40  # room for separators; more is noise of a scanner
REQUEST_ID: Final = re.compile(r"[0-9a-f]{32}\Z")
SOMEBODY_ELSE_MS: Final = 120_000  # whoever comes back to a used page later than this is the next citizen
FAULTS: Final = {
    "nik-date": "nik.bad_date",
    "nik-region": "nik.bad_region",
    "nik-province": "nik.bad_region",
    "nik-serial": "nik.bad_serial",
}


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What was chosen so far."""

    service: str
    request: str
    nik: str = ""
    lang: str = DEFAULT

    def open_fields(self) -> dict[str, str]:
        """What may stand in an address."""
        return {"service": self.service, "request": self.request, **travels(self.lang)}

    def link(self, path: str) -> str:
        """The address of another step of the same wish."""
        return address_of(path, self.open_fields())

    def without_nik(self) -> Wish:
        """The same wish as it stood before a NIK was typed."""
        return msgspec.structs.replace(self, nik="")


def wish() -> Wish | None:
    """The wish of this request; None where it makes no sense (any more), then start again."""
    if kiosk_life.state(kiosk().store) != ACTIVE:
        return None
    known = request.values.get("request", "")
    service = request.values.get("service", "")
    if service not in kiosk().office.services or not REQUEST_ID.match(known) or is_used_up(known):
        return None
    nik = request.form.get("nik", "")[:LONGEST_NIK]
    return Wish(service=service, request=known, nik=nik, lang=reader().code)


def is_used_up(request_id: str) -> bool:
    """Whether this request got its number so long ago that somebody else stands here now."""
    given = queries.by_request(kiosk().store, request_id)
    return given is not None and abs(kiosk().store.clock.wall_ms() - given.taken_t) > SOMEBODY_ELSE_MS


def start_again() -> Response:
    """Back to the first page."""
    return redirect(address("/"), 303)


def step(template: str, chosen: Wish, status: int = 200, **values: Any) -> Response:
    """A page of the way, with what was chosen."""
    service = kiosk().office.services[chosen.service]
    return page(template, status, wish=chosen, service=service, **values)


@citizen.get("/")
def welcome() -> Response:
    """What the office offers; while the kiosk is suspended, that it is, and where else to go."""
    change = kiosk_life.last_change(kiosk().store)
    if change is not None and change.state != ACTIVE:
        return page("suspended.html", change=change, open_hours=offers.open_hours())
    return page(
        "welcome.html",
        request_id=kiosk().request_id(),
        open_hours=offers.open_hours(),
        marks=offers.marks(),
        told=offers.from_central(),
    )


@citizen.get("/data")
def before() -> Response:
    """What to bring, and what happens to a NIK."""
    chosen = wish()
    if chosen is None:
        return start_again()
    asks = sealing_key(kiosk().store, kiosk().office) is not None
    return step("before.html", chosen, asks=asks, notes=offers.notes(chosen.service))


@citizen.get("/nik")
def ask_nik() -> Response:
    """The keypad."""
    chosen = wish()
    if chosen is None:
        return start_again()
    if sealing_key(kiosk().store, kiosk().office) is None:
        return redirect(chosen.link("/desa"), 303)
    return step("nik.html", chosen, typing=True, fault="")


@citizen.post("/nik")
def take_nik() -> Response:
    """A touch of the keypad, or the whole NIK."""
    refuse_other_sites()
    chosen = wish()
    if chosen is None:
        return start_again()
    key = request.form.get("key", "")
    if key:
        return step("nik.html", msgspec.structs.replace(chosen, nik=typed(chosen.nik, key)), typing=True, fault="")
    return checked(chosen)


def typed(digits: str, key: str) -> str:
    """The NIK after a key: a digit, or `delete`."""
    if key == "delete":
        return digits.rstrip()[:-1]
    return (digits + key)[:LONGEST_NIK] if key in set("0123456789") else digits


def checked(chosen: Wish) -> Response:
    """The date of birth to confirm, or what is wrong with the NIK."""
    try:
        nik = kiosk().office.check_nik(chosen.nik, kiosk().store.clock)
    except BadData as fault:
        return step("nik.html", chosen, 422, typing=True, fault=told(fault.code, chosen.nik))
    if nik is None:
        return step("nik.html", chosen, 422, typing=True, fault=told("nik-format", ""))
    return step("confirm.html", chosen, question=question(nik), notes=notes(nik))


def told(code: str, nik: str) -> str:
    """A fault of a NIK in kind words, with where to look."""
    count = sum(letter in "0123456789" for letter in nik)
    key = FAULTS.get(code) or ("nik.too_long" if count > 16 else "nik.length")
    return reader().say(key, n=count)


def question(nik: Nik) -> str:
    """The date of birth that the NIK tells, or the two that it may mean."""
    say, day = reader().say, reader().day
    if nik.born_earlier is None:
        return say("nik.confirm_birth", tanggal=day(nik.born))
    return say("nik.confirm_either", tanggal=day(nik.born), tanggal_lain=day(nik.born_earlier))


def notes(nik: Nik) -> list[str]:
    """What else to say of a NIK: it is in order, even where it is old."""
    known = {"old-region": "nik.old_region", "unknown-region": "nik.unknown_region"}
    return [reader().say(known[word]) for word in nik.words if word in known]


@citizen.route("/desa", methods=["GET", "POST"])
def villages() -> Response:
    """Where the citizen lives, and whether they need the priority queue."""
    if request.method == "POST":
        refuse_other_sites()
    chosen = wish()
    return start_again() if chosen is None else ask_village(chosen)


def ask_village(chosen: Wish, status: int = 200, fault: str = "") -> Response:
    """The list of villages by name."""
    named = sorted(kiosk().office.regions.villages, key=lambda village: village.name)
    return step("village.html", chosen, status, villages=named, elsewhere=(OUTSIDE, UNKNOWN), fault=fault)


@citizen.post("/nomor")
def take() -> Response:
    """The number, and a page that shows it; whoever asks again is shown the same one."""
    refuse_other_sites()
    chosen = wish()
    if chosen is None:
        return start_again()
    asked = TicketRequest(
        service=chosen.service,
        village=request.form.get("village", ""),
        request_id=chosen.request,
        nik=chosen.nik or None,
        priority=bool(request.form.get("priority")),
    )
    return given(chosen, asked)


def given(chosen: Wish, asked: TicketRequest) -> Response:
    """Take the number; where that cannot be, the page where the citizen can mend it."""
    here = kiosk()
    try:
        ticket = tickets.take_ticket(here.store, here.office, asked, here.random_bytes)
    except BadData as fault:
        if fault.field == "nik":
            return step("nik.html", chosen, 422, typing=True, fault=told(fault.code, chosen.nik))
        return ask_village(chosen, 422, reader().say("village.again"))
    except Conflict:
        earlier = queries.by_request(here.store, chosen.request)
        if earlier is None:
            raise
        return redirect(number_link(earlier.code, "1"), 303)
    here.wake_agent()
    return redirect(number_link(ticket.code), 303)


def number_link(code: str, kept: str = "") -> str:
    """The address of a number's page."""
    return address_of(f"/nomor/{code}", {**travels(), **({"kept": kept} if kept else {})})


@citizen.get("/nomor/<code>")
def number(code: str) -> Response:
    """A number that was given, as it stands now."""
    here = kiosk()
    visit = tickets.find_by_code(code)
    taken = local(visit.taken_t, here.office.zone).date()
    return page(
        "number.html",
        visit=visit,
        wait=waits.wait_of(here.store, here.office, visit),
        service=here.office.services.get(visit.service),
        taken=reader().say("t.taken", tanggal=reader().day(taken), jam=clock_time(visit.taken_t)),
        kept=bool(request.args.get("kept")),
        qr=qr(visit.code),
    )


def qr(code: str) -> Markup:
    """The code as a picture for a scanner or a telephone; its colours are the page's."""
    import segno

    drawn = segno.make(code, micro=False).svg_inline(omitsize=True, svgclass="qr", lineclass="bars")
    return Markup(drawn)  # noqa: S704 — of our own letters
