"""What a citizen chose for every page: the language, larger text, high contrast.

It travels in addresses from page to page, in no cookie, so that the next citizen starts afresh.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlencode

import msgspec
from flask import request

from kiosk_ui.kiosk import kiosk
from kiosk_ui.messages import DEFAULT, language

LANG: Final = "lang"
LOOK: Final = "look"
LOOKS: Final = ("large", "contrast")


class Same(msgspec.Struct, frozen=True):
    """The page that is shown, once more: its path and what it was asked with, in its body where `posted`."""

    path: str
    fields: dict[str, str]
    posted: bool

    def address(self, lang: str | None = None, look: Iterable[str] | None = None) -> str:
        """Its address in another language or look; what was posted stays in the body."""
        return address_of(self.path, {**({} if self.posted else self.fields), **travels(lang, look)})


def looks() -> tuple[str, ...]:
    """How this page is to look, of LOOKS; empty as most people see it."""
    asked = request.args.get(LOOK, "").split("-")
    return tuple(name for name in LOOKS if name in asked)


def toggled(name: str) -> tuple[str, ...]:
    """The looks of this page with `name` switched on or off."""
    return tuple(each for each in LOOKS if (each in looks()) != (each == name))


def travels(lang: str | None = None, look: Iterable[str] | None = None) -> dict[str, str]:
    """What goes along to the next page; empty for Indonesian as most people see it."""
    code = language(request.args.get(LANG) if lang is None else lang, kiosk().store.home).code
    chosen = "-".join(looks() if look is None else look)
    return {**({LANG: code} if code != DEFAULT else {}), **({LOOK: chosen} if chosen else {})}


def address_of(path: str, query: Mapping[str, str]) -> str:
    """A path with what is asked of it."""
    return f"{path}?{urlencode(query)}" if query else path


def same(nik: str = "", *, typing: bool = False) -> Same:
    """This page once more. While a NIK is being typed, `nik` is what there is of it, and the page is posted."""
    fields = request.form if request.method == "POST" else request.args
    kept = {name: value for name, value in fields.items() if name not in (LANG, LOOK)}
    if typing:  # a touch of the keypad counted already
        kept |= {"nik": nik, "key": "none"}
    return Same(request.path, kept, request.method == "POST" or typing)
