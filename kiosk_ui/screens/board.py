"""The waiting room's board: no sign-in, nothing personal."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, abort
from flask import Response as Answer
from werkzeug.wrappers import Response

from agent.actions import kiosk_life, line, notices
from agent.clock import local
from agent.domain.kiosk_life import ACTIVE
from agent.domain.speech_text import to_say
from kiosk_ui import offers, speech
from kiosk_ui.bodies import board_answer
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import clock_time, page, reader

board = Blueprint("board", __name__)
NEWEST: Final = 12  # calls that a board may still have to speak


@board.get("/papan")
def show() -> Response:
    """Who is called where, and the time."""
    here = kiosk()
    now = here.store.clock.wall_ms()
    today = local(now, here.office.zone).date()
    return page(
        "board.html",
        board=board_answer(here.store),
        disturbed=disturbed(),
        sounds=to_say(line.calls_after(here.store, 0, NEWEST), 0, now),
        clock=clock_time(now),
        today=f"{reader().weekday(today)}, {reader().day(today)}",
    )


def disturbed() -> list[str]:
    """Each notice as one line, for which services, what and since when; first of all that no numbers are given."""
    say = reader().say
    told = notices.open_notices(kiosk().store)
    change = kiosk_life.last_change(kiosk().store)
    stopped = [say(f"suspended.{change.state}") + "."] if change is not None and change.state != ACTIVE else []
    return stopped + [
        say("board.disturbed", layanan=offers.shortly(each.services), apa=offers.sentence(each)) for each in told
    ]


@board.get("/papan/suara/<int:number>")
def sound(number: int) -> Response:
    """A call of the board as WAV; nothing where there is no voice: then it is only seen."""
    here = kiosk()
    call = next((each for each in line.calls_after(here.store, 0, NEWEST) if each.number == number), None)
    if call is None:
        abort(404)
    said = speech.call_sound(here.store.home, call.ticket, call.counter, call.again)
    return Answer(said, mimetype="audio/wav") if said else Answer(status=204)
