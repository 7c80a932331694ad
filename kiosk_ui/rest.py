"""The screen at rest: what is wrong now, then the office's messages."""

from __future__ import annotations

import msgspec

from agent.actions import notices
from kiosk_ui import offers
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import reader


class Slide(msgspec.Struct, frozen=True):
    """One message; `urgent` for what people should know before they wait."""

    text: str
    pictogram: str = ""
    urgent: bool = False


def slides() -> list[Slide]:
    """Every message in its order."""
    here, say = kiosk(), reader().say
    told = [
        Slide(say("board.disturbed", layanan=offers.named(each.services), apa=offers.sentence(each)), urgent=True)
        for each in notices.open_notices(here.store)
    ]
    if reader().has(f"phase.{notices.standing(here.store, here.office).phase}"):
        told.append(Slide(offers.open_hours(), urgent=True))
    told += [Slide(each, urgent=True) for each in offers.from_central()]
    usual = [Slide(reader().of(each.text), each.pictogram) for each in here.office.idle.message]
    return told + usual
