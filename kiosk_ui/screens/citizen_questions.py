"""What is asked before a number, what the answers say, what to bring. Going on anyway is always possible."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, request
from werkzeug.wrappers import Response

from agent.domain.questions import BY_NIK, CHOICES, Finding, Question, is_alike
from agent.vault import sealing_key
from kiosk_ui import advice, offers
from kiosk_ui.access import refuse_other_sites
from kiosk_ui.kiosk import kiosk
from kiosk_ui.screens.citizen_wish import Wish, start_again, step, wish

citizen_questions = Blueprint("citizen_questions", __name__)
LAST_RESORT: Final = "ask"


@citizen_questions.route("/data", methods=["GET", "POST"])
def before() -> Response:
    """The next question, or what to bring and what happens to a NIK."""
    if request.method == "POST":
        refuse_other_sites()
    chosen = wish()
    return start_again() if chosen is None else ahead(chosen) or ready(settled(chosen))


def ahead(chosen: Wish) -> Response | None:
    """What is still to be asked or said first; None when nothing is."""
    if chosen.anyway or chosen.place:
        return None
    chosen = told_by_nik(chosen)
    asked = advice.question(chosen)
    if asked is not None:
        return step("ask.html", chosen, question=asked, choices=choices(asked, chosen), **standing(chosen.service))
    found = advice.found(chosen)
    return None if found is None or not stops(chosen, found) else advised(chosen, found)


def told_by_nik(chosen: Wish) -> Wish:
    """The wish, its age open again where the NIK that was to tell it fits two centuries."""
    is_open = chosen.age == BY_NIK and chosen.nik and advice.born(chosen) is None
    return chosen.having(age="") if is_open else chosen


def choices(asked: Question, chosen: Wish) -> list[str]:
    """What may be answered; the NIK only tells an age where one may be typed and was not."""
    may_type = not chosen.nik and takes_nik()
    return [choice for choice in CHOICES[asked] if choice != BY_NIK or may_type]


def takes_nik() -> bool:
    """Whether a NIK can be sealed, and so may be asked for."""
    return sealing_key(kiosk().store, kiosk().office) is not None


def stops(chosen: Wish, found: Finding) -> bool:
    """Whether something else fits better, so that the citizen is asked to choose."""
    return bool(found.fits) and not is_alike(chosen.service, found)


def settled(chosen: Wish) -> Wish:
    """The wish under the name of the service that fits, where both are the same errand."""
    found = advice.found(chosen)
    if chosen.anyway or found is None or not found.fits or stops(chosen, found):
        return chosen
    return chosen.having(service=found.fits[0]) if found.fits[0] in kiosk().office.services else chosen


def advised(chosen: Wish, found: Finding) -> Response:
    """What fits better, an officer to ask, and going on anyway."""
    known = kiosk().office.services
    fits = [name for name in (*found.fits, LAST_RESORT) if name in known and name != chosen.service]
    told = {"sentences": advice.sentences(chosen, found), **standing(chosen.service)}
    return step("advice.html", chosen, fits=list(dict.fromkeys(fits)), **told)


def standing(service: str) -> dict[str, Any]:
    """How a service stands: what to say of it first, whether another day is the way on, and whether the only one."""
    return {"notes": offers.notes(service), "over": offers.is_over(service), "used_up": offers.is_used_up(service)}


def ready(chosen: Wish) -> Response:
    """What to bring, and what happens to a NIK."""
    found = advice.found(chosen)
    return step(
        "before.html",
        chosen,
        asks=takes_nik() and not chosen.nik,
        sentences=advice.sentences(chosen, found) if found else [],
        **standing(chosen.service),
    )
