"""A NIK: typed on the own keypad, pasted or scanned, and confirmed by its date of birth."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from agent.domain.nik import LONGEST_SCANNED, LONGEST_TYPED, Nik
from agent.errors import BadData
from kiosk_ui import advice
from kiosk_ui.access import refuse_other_sites
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import reader
from kiosk_ui.screens import citizen_find
from kiosk_ui.screens.citizen_questions import takes_nik
from kiosk_ui.screens.citizen_wish import Wish, start_again, step, wish

citizen_nik = Blueprint("citizen_nik", __name__)
FAULTS: Final = {
    "nik-date": "nik.bad_date",
    "nik-region": "nik.bad_region",
    "nik-province": "nik.bad_region",
    "nik-serial": "nik.bad_serial",
}


@citizen_nik.get("/nik")
def ask_nik() -> Response:
    """The keypad."""
    chosen = wish()
    if chosen is None:
        return start_again()
    return asked_again(chosen) if takes_nik() else redirect(chosen.link("/desa"), 303)


@citizen_nik.post("/nik")
def take_nik() -> Response:
    """A touch of the keypad, or the whole NIK; the code of a ticket that was scanned here finds that number."""
    refuse_other_sites()
    chosen = wish()
    if chosen is None:
        return start_again()
    key = request.form.get("key", "")
    if key:
        return asked_again(chosen.having(nik=typed(chosen.nik, key)))
    return citizen_find.scanned(chosen.nik) or checked(chosen)


def asked_again(chosen: Wish, status: int = 200, fault: str = "") -> Response:
    """The keypad, with what was typed so far and what is wrong with it."""
    return step("nik.html", chosen, status, typing=True, fault=fault, most=LONGEST_SCANNED)


def typed(digits: str, key: str) -> str:
    """The NIK after a key: a digit, or `delete`."""
    if key == "delete":
        return digits.rstrip()[:-1]
    return (digits + key)[:LONGEST_TYPED] if key in set("0123456789") else digits


def checked(chosen: Wish) -> Response:
    """The date of birth to confirm, or what is wrong with the NIK."""
    try:
        nik = kiosk().office.check_nik(chosen.nik, kiosk().store.clock)
    except BadData as fault:
        return faulty(chosen, fault.code)
    if nik is None:
        return faulty(chosen, "nik-format")
    return step(
        "confirm.html", chosen, question=question(nik, advice.born(chosen)), notes=[*notes(nik), *advice.voting(chosen)]
    )


def faulty(chosen: Wish, code: str) -> Response:
    """The keypad, with what is wrong in kind words and where to look."""
    if len(chosen.nik) == LONGEST_TYPED:  # cut short: how much there was is not known any more
        return asked_again(chosen.without_nik(), 422, reader().say("nik.noise"))
    count = sum(letter in "0123456789" for letter in chosen.nik)
    key = FAULTS.get(code) or ("nik.too_long" if count > 16 else "nik.length")
    return asked_again(chosen, 422, reader().say(key, n=count))


def question(nik: Nik, born: date | None) -> str:
    """The date of birth that the NIK tells, or the two that it may mean where none of them is known to be `born`."""
    say, day = reader().say, reader().day
    if born is not None or nik.born_earlier is None:
        return say("nik.confirm_birth", tanggal=day(born or nik.born))
    return say("nik.confirm_either", tanggal=day(nik.born), tanggal_lain=day(nik.born_earlier))


def notes(nik: Nik) -> list[str]:
    """What else to say of a NIK: it is in order, even where it is old."""
    known = {"old-region": "nik.old_region", "unknown-region": "nik.unknown_region"}
    return [reader().say(known[word]) for word in nik.words if word in known]
