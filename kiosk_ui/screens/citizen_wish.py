"""What a citizen chose so far. It travels with the pages; a NIK only ever in the body of a form."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

import msgspec
from flask import request
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from agent.actions import kiosk_life, tickets
from agent.domain.kiosk_life import ACTIVE
from agent.domain.nik import picked
from agent.domain.questions import CHOICES, Answers
from kiosk_ui.kiosk import kiosk
from kiosk_ui.look import address_of, travels
from kiosk_ui.messages import DEFAULT
from kiosk_ui.pages import page, reader

REQUEST_ID: Final = re.compile(r"[0-9a-f]{32}\Z")
CODES: Final = re.compile(r"[a-z2-9]{9}(\.[a-z2-9]{9}){0,19}\Z")
STALE: Final = "again"
SOMEBODY_ELSE_MS: Final = 120_000  # whoever comes back to a used page later than this is the next citizen


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What was chosen so far.

    `family` are the codes of the numbers taken at this visit already, with dots between; `place` is a
    date or `outreach` where a place on a list is wanted instead of a number for now.
    """

    service: str
    request: str
    nik: str = ""
    lang: str = DEFAULT
    recorded: str = ""
    age: str = ""
    married: str = ""
    ikd: str = ""
    anyway: str = ""
    place: str = ""
    family: str = ""

    @property
    def answers(self) -> Answers:
        """What was answered before the number."""
        return Answers(**{name: getattr(self, name) for name in CHOICES})

    def open_fields(self) -> dict[str, str]:
        """What may stand in an address."""
        said = {name: getattr(self, name) for name in self.__struct_fields__ if name not in ("nik", "lang")}
        return {name: value for name, value in said.items() if value} | travels(self.lang)

    def link(self, path: str) -> str:
        """The address of another step of the same wish."""
        return address_of(path, self.open_fields())

    def home(self) -> str:
        """The address of the first page, for the same family."""
        return address_of("/", ({"family": self.family} if self.family else {}) | travels(self.lang))

    def having(self, **changed: str) -> Wish:
        """The same wish with some of it changed."""
        return msgspec.structs.replace(self, **changed)

    def without_nik(self) -> Wish:
        """The same wish as it stood before a NIK was typed."""
        return self.having(nik="")

    def asking_again(self) -> Wish | None:
        """The wish before its newest answer; None where nothing was answered yet."""
        given = [name for name in CHOICES if getattr(self, name)]
        return self.having(anyway="", **{given[-1]: ""}) if given else None


def wish() -> Wish | None:
    """The wish of this request; None where it makes no sense (any more), then start again."""
    if kiosk_life.state(kiosk().store) != ACTIVE:
        return None
    known = request.values.get("request", "")
    service = request.values.get("service", "")
    if service not in kiosk().office.services or not REQUEST_ID.match(known) or is_used_up(known):
        return None
    nik = picked(request.form.get("nik", ""))
    chosen = {name: answer(name, choices) for name, choices in CHOICES.items()}
    return Wish(
        service=service,
        request=known,
        nik=nik,
        lang=reader().code,
        anyway="1" if request.values.get("anyway") else "",
        place=place(),
        family=family(),
        **chosen,
    )


def answer(name: str, choices: tuple[str, ...]) -> str:
    """What was answered to a question; nothing where the answer was not offered."""
    said = request.values.get(name, "")
    return said if said in choices else ""


def place() -> str:
    """The list that is wanted: `outreach`, or a date; empty for a number of today."""
    wanted = request.values.get("place", "")
    try:
        return wanted if wanted in ("", "outreach") else date.fromisoformat(wanted).isoformat()
    except ValueError:
        return ""


def family() -> str:
    """The codes of the numbers that were taken at this visit."""
    codes = request.values.get("family", "")
    return codes if CODES.match(codes) else ""


def is_used_up(request_id: str) -> bool:
    """Whether this request got its number so long ago that somebody else stands here now."""
    given = tickets.find_request(kiosk().store, request_id)
    return given is not None and tickets.age_ms(kiosk().store, given) > SOMEBODY_ELSE_MS


def start_again() -> Response:
    """Back to the first page, which says why."""
    return redirect(address_of("/", {STALE: "1"} | travels(reader().code)), 303)


def step(template: str, chosen: Wish, status: int = 200, **values: Any) -> Response:
    """A page of the way, with what was chosen."""
    service = kiosk().office.services[chosen.service]
    return page(template, status, wish=chosen, service=service, **values)
