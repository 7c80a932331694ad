"""The words of the screens: one catalog a language, keyed texts with {placeholders}.

A language is a file in translations/, ours or the office's (see catalogs): no code knows which there are. What a
catalog lacks is said in Indonesian, which is complete.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from agent.domain.regions import ZONE_NAMES
from agent.domain.services import Text
from kiosk_ui.catalogs import OF_THE_OFFICE, own_catalogs

DEFAULT: Final = "id"


class Language:
    """The texts of one language, and its way to write numbers and times."""

    def __init__(self, code: str, texts: Mapping[str, str], spare: Mapping[str, str]) -> None:
        self.code = code
        self.texts = texts
        self.spare = spare

    def say(self, key: str, **values: object) -> str:
        """The text of `key`, its placeholders filled."""
        text = self.texts.get(key) or self.spare[key]
        return text.format_map(values) if values else text

    def has(self, key: str) -> bool:
        """Whether `say` knows that key."""
        return key in self.texts or key in self.spare

    def of(self, text: Text) -> str:
        """A text of the office's own settings; Indonesian where it has no words in this language."""
        return str(getattr(text, self.code, None) or self.texts.get(f"{OF_THE_OFFICE}{text.id}", text.id))

    def number(self, value: float, decimals: int = 0) -> str:
        """`12345.6` → `12.346`, with the language's own separators."""
        marks = str.maketrans({",": self.say("format.thousands"), ".": self.say("format.decimal")})
        return f"{value:,.{decimals}f}".translate(marks)

    def day(self, day: date) -> str:
        """`27 November 2024`."""
        return f"{day.day} {self.say('format.months').split()[day.month - 1]} {day.year}"

    def weekday(self, day: date) -> str:
        """`Rabu`."""
        return self.say("format.weekdays").split()[day.weekday()]

    def time(self, moment: datetime, zone: str) -> str:
        """`08.00 WITA` for a local time in an IANA zone."""
        return f"{moment:%H}{self.say('format.clock')}{moment:%M} {ZONE_NAMES.get(zone, zone)}"

    def duration(self, seconds: float) -> str:
        """`2 jam`: one unit, the largest that fits."""
        units = (("days", 86_400), ("hours", 3_600), ("minutes", 60))
        for unit, size in units:
            if seconds >= size:
                return self.say(f"format.{unit}", n=self.number(seconds // size))
        return self.say("format.seconds", n=self.number(max(0, seconds) // 1))


@cache
def languages(home: Path | None = None) -> dict[str, Language]:
    """Every language there is a catalog for, Indonesian first; with `home` the office's own too.

    Raises SettingsError for a catalog of the office that could break a page.
    """
    texts = shipped()
    if home is not None:
        texts = texts | {name: texts.get(name, {}) | own for name, own in own_catalogs(home, texts[DEFAULT]).items()}
    ordered = sorted(texts, key=lambda name: name != DEFAULT)
    return {name: Language(name, texts[name], texts[DEFAULT]) for name in ordered}


@cache
def shipped() -> dict[str, dict[str, str]]:
    """The texts of every catalog in translations/ by language."""
    folder = files("kiosk_ui").joinpath("translations")
    names = sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {name: tomllib.loads(folder.joinpath(f"{name}.toml").read_text("utf-8")) for name in names}


def language(asked: str | None, home: Path | None = None) -> Language:
    """The language of that code, or Indonesian."""
    return languages(home).get(asked or DEFAULT) or languages(home)[DEFAULT]
