"""What an office offers: services.toml as typed values, and whether it makes sense as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Final, Literal

import msgspec

from agent.domain.questions import Ask
from agent.settings_values import Positive, Words, contradiction, string, words
from agent.version import BUILD_DATE

ALWAYS_OFFERED: Final = "ask"  # whoever finds nothing that fits must still get a number
MOST_MINUTES: Final = 240
YEARS_IN_USE: Final = 10  # no office runs one version for longer
_ID: Final = re.compile(r"[a-z][a-z0-9_]{1,23}\Z")
_SERIES: Final = re.compile(r"[A-Z]\Z")


def series(raw: object) -> str:
    """The letter before a number: one of A to Z."""
    if not _SERIES.match(string(raw)):
        raise ValueError(f'must be one letter from A to Z, and not "{raw}"')
    return string(raw)


def minutes(raw: object) -> int:
    """A whole number of minutes at the counter."""
    if not isinstance(raw, int) or isinstance(raw, bool) or not 1 <= raw <= MOST_MINUTES:
        raise ValueError(f"must be a whole number of minutes from 1 to {MOST_MINUTES}, and not {raw}")
    return raw


def at_most(letters: int) -> Callable[[object], str]:
    """Words that fit where they are shown: more of them would push every button off the screen."""

    def short(raw: object) -> str:
        text = words(raw)
        if len(text) > letters:
            raise ValueError(f"must have at most {letters} letters, and not {len(text)}")
        return text

    return short


def read_day(raw: object) -> date:
    """The day on which somebody read the source; a year far ahead is a slip of the finger."""
    if not isinstance(raw, date) or isinstance(raw, datetime):
        raise ValueError("must be a date such as 2026-11-22, without quotes")
    if raw.year > BUILD_DATE.year + YEARS_IN_USE:
        raise ValueError(f"must be the day on which the source was read, and not {raw}")
    return raw


Name = Annotated[str, at_most(60)]
Passage = Annotated[str, at_most(400)]
Need = Literal["siak", "set", "blanks"]
WorkLine = Literal["recording", "updating"]
LINES: Final[tuple[WorkLine, ...]] = ("recording", "updating")  # the two that the programme of the regency is about


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """Words for the citizen in Indonesian and English; further languages come by catalog."""

    id: Passage
    en: Passage


class ShortText(Text, frozen=True, kw_only=True):
    """The same for a tile or a button."""

    id: Name
    en: Name


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A form of the ministry; `formerly` are older codes under which people still ask for it."""

    title: Text
    formerly: tuple[Words, ...] = ()


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a citizen can come for; `papers` and `forms` name entries of the same file."""

    name: ShortText
    series: Annotated[str, series]
    minutes: Annotated[int, minutes]
    who: Text
    line: WorkLine | None = None
    needs: tuple[Need, ...] = ()
    asks: tuple[Ask, ...] = ()
    quota: Positive | None = None
    papers: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    note: Text | None = None
    law: Passage
    source: Passage
    checked: Annotated[date, read_day]


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """All of services.toml, in its order, which is the order on the screen."""

    papers: dict[str, Text]
    forms: dict[str, Form]
    services: dict[str, Service]

    def __post_init__(self) -> None:
        if ALWAYS_OFFERED not in self.services:
            raise contradiction(f"services.{ALWAYS_OFFERED}", "must stay: it takes everyone whom nothing else fits")
        for name, service in self.services.items():
            self._check(name, service)
            if service.line != self.services[self.by_series(service.series)[0]].line:
                reason = f"must be the same for all services of series {service.series}: a series is one line of people"
                raise contradiction(f"services.{name}.line", reason)

    def _check(self, name: str, service: Service) -> None:
        if not _ID.match(name):
            raise contradiction(f"services.{name}", "must be named in small letters, digits and _, at most 24")
        for paper in service.papers:
            if paper not in self.papers:
                raise contradiction(f"services.{name}.papers", f'names "{paper}", but there is no [papers.{paper}]')
        for form in service.forms:
            if form not in self.forms:
                raise contradiction(f"services.{name}.forms", f'names "{form}", but there is no [forms."{form}"]')

    def needing(self, what: str) -> tuple[str, ...]:
        """The services that cannot do without something."""
        return tuple(name for name, service in self.services.items() if what in service.needs)

    def by_series(self, letter: str) -> tuple[str, ...]:
        """The services whose numbers begin with that letter."""
        return tuple(name for name, service in self.services.items() if service.series == letter)

    def on_line(self, line: str) -> tuple[str, ...]:
        """The services of a line of work."""
        return tuple(name for name, service in self.services.items() if service.line == line)
