"""How a page is made: in the reader's language, with the office's name, sealed with static files' hashes."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from flask import Flask, Response, g, render_template, request, session
from markupsafe import Markup, escape

from agent.actions import bell
from agent.actions.day import local_date
from agent.clock import local
from agent.settings_values import Address
from kiosk_ui import navigation
from kiosk_ui.access import host_name
from kiosk_ui.kiosk import kiosk
from kiosk_ui.look import LANG, LOOKS, address_of, looks, same, toggled, travels
from kiosk_ui.messages import Language, language, languages

STATIC: Final = Path(__file__).parent / "static"
KEPT_S: Final = 31_536_000  # a changed file gets another address
SCREEN: Final = "screen"  # the session of somebody who came from the citizen's screen
COMMAND: Final = re.compile(r"`([^`]+)`")
HYPHENATED: Final = re.compile(r"\b[A-Za-z]{1,4}-[a-z0-9.]{1,4}\b")


def make_pages(app: Flask) -> None:
    """Give every template its words."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = KEPT_S
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        static=static,
        action=address,
        bar=navigation.bar,
        here=navigation.here,
        same=same,
        travels=travels,
        toggled=toggled,
        all_looks=LOOKS,
    )
    app.jinja_env.filters["whole"] = whole
    app.jinja_env.filters["day_name"] = day_name
    app.jinja_env.filters["day_and_time"] = day_and_time
    app.jinja_env.filters["coded"] = coded
    app.context_processor(wording)


def address(path: str) -> str:
    """The address of a page in the reader's language and look."""
    return address_of(path, travels(reader().code))


def page(template: str, status: int = 200, /, **values: Any) -> Response:
    """A page from a template."""
    return Response(render_template(template, **values), status)


def reader() -> Language:
    """The language that this request asks for; staff need to ask only once."""
    asked = request.args.get(LANG)
    if kiosk().listener == "citizen":
        return language(asked, kiosk().store.home)
    if asked in languages(kiosk().store.home) and asked != session.get(LANG):
        session[LANG] = asked
    return language(asked or session.get(LANG), kiosk().store.home)


def wording() -> dict[str, Any]:
    """What every template may use."""
    words = reader()
    others = [other for other in languages(kiosk().store.home).values() if other is not words]
    return {
        "t": words.say,
        "words": words,
        "others": others,
        "office": kiosk().office,
        "listener": kiosk().listener,
        "officer": g.get("officer"),
        "looks": looks(),
        "bell_since": lambda: bell.rung(kiosk().store),
        "clock_time": clock_time,
        "staff_door": staff_door,
        "citizen_door": citizen_door,
        "at_screen": kiosk().listener == "staff" and SCREEN in session,
    }


@cache
def static(name: str) -> str:
    """The address of a static file; it changes with the content, so browsers may keep the file."""
    return f"/static/{name}?v={crc32((STATIC / name).read_bytes()):08x}"


def whole(text: str) -> Markup:
    """The text, its short hyphenated names such as KTP-el never broken over two lines."""
    return Markup(HYPHENATED.sub(r'<span class="whole">\g<0></span>', str(escape(text))))  # noqa: S704 — escaped here


def clock_time(wall_ms: int) -> str:
    """A wall clock as people read it here: `08.00 WITA`."""
    zone = kiosk().office.zone
    return reader().time(local(wall_ms, zone), zone)


def today() -> date:
    """The office's date."""
    return local_date(kiosk().store, kiosk().office)


def day_and_time(wall_ms: int) -> str:
    """`27 November 2024, 08.00 WITA`."""
    zone = kiosk().office.zone
    moment = local(wall_ms, zone)
    return f"{reader().day(moment.date())}, {reader().time(moment, zone)}"


def day_name(iso_date: str) -> str:
    """`Jumat, 27 November 2026` for YYYY-MM-DD; what is no date stays as it is."""
    try:
        day = date.fromisoformat(iso_date)
    except ValueError:
        return iso_date
    return f"{reader().weekday(day)}, {reader().day(day)}"


def short_moment(wall_ms: int) -> str:
    """`27 Nov 08.00`, for tables."""
    moment = local(wall_ms, kiosk().office.zone)
    month = reader().say("format.months").split()[moment.month - 1][:3]
    return f"{moment.day} {month} {moment:%H}{reader().say('format.clock')}{moment:%M}"


def coded(text: str) -> Markup:
    """The text, what stands between backticks as a command to type."""
    return Markup(COMMAND.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 — escaped here


def when(moment: str | None) -> str:
    """An ISO 8601 time in UTC as people read it here; a dash where there is none."""
    if moment is None:
        return "–"
    return day_and_time(int(datetime.fromisoformat(moment).timestamp() * 1000))


def staff_door() -> str:
    """The sign-in of the staff's pages as a browser on this machine reaches it."""
    return f"{door(kiosk().office.settings.web.staff)}/masuk?dari=layar"


def citizen_door() -> str:
    """The citizen's pages as a browser on this machine reaches them."""
    return f"{door(kiosk().office.settings.web.citizen)}/"


def door(listener: Address) -> str:
    """A listener of this machine under the name that the browser used; one with an address of its own by that."""
    here = listener.is_loopback() or listener.host in ("0.0.0.0", "::")  # noqa: S104 — compared, not bound
    name = host_name(request.host) if here else listener.host
    return f"http://{Address(name, listener.port)}"


def error_page(status: int, code: str, back: str = "/") -> Response:
    """A kind sentence with the next step; `back` is where the staff's button leads."""
    known = reader()
    keys = (f"err.{code}", f"err.{status}", "err.generic")
    sentence = next(known.texts[key] for key in keys if key in known.texts)
    return page("error.html", status, sentence=sentence, back=back)
