"""Texts of a citizen's page that can be heard: each has the address of its sound, which only this kiosk can make.

So nobody can make the kiosk say what is on none of its pages. What is personal is never given an address.
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256
from typing import Final

from flask import current_app
from markupsafe import Markup, escape

from kiosk_ui.look import address_of
from kiosk_ui.pages import reader

LONGEST: Final = 600  # characters; espeak-ng says that much in about 40 s
VOICE: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}\Z")


def aloud(text: str) -> Markup:
    """The attribute that makes an element heard; empty where this language has no voice."""
    voice = reader().say("format.voice")
    if not VOICE.match(voice):
        return Markup()
    said = text[:LONGEST]
    return Markup('data-say="{}"').format(escape(address_of(f"/suara/{voice}/{mark(voice, said)}", {"kata": said})))


def spelled(ticket: str) -> str:
    """`A-012` → `A, 0, 1, 2`, as it is called."""
    return ", ".join(ticket.replace("-", ""))


def mark(voice: str, text: str) -> str:
    """What shows that a page of this kiosk has that text."""
    key: bytes = current_app.config["SECRET_KEY"]
    return hmac.new(key, f"{voice} {text}".encode(), sha256).hexdigest()[:32]


def is_ours(voice: str, text: str, shown: str) -> bool:
    """Whether that text stands on a page of this kiosk."""
    return bool(VOICE.match(voice)) and hmac.compare_digest(mark(voice, text).encode(), shown.encode())
