"""What central may set for its offices: a struct for each section, checked whole; nothing personal.

A member that a section does not have is a fault: it is more often misspelt than new. A section
that this version does not know is left alone.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import msgspec

from agent.domain.elections import Election
from agent.domain.regions import EVERYWHERE, covers
from agent.domain.targets import SetTarget
from agent.errors import SettingsError
from agent.settings_values import OfficeCode, Words
from agent.toml_file import read_table


class Aimed(msgspec.Struct, frozen=True, kw_only=True):
    """For whom something is said: a region code, or everybody."""

    area: Words = EVERYWHERE

    def is_for(self, office: str) -> bool:
        """Whether it is meant for a kecamatan, PP.KK.CC."""
        return covers(self.area, office)


class Holiday(Aimed, frozen=True, kw_only=True):
    """A date without service."""

    date: date
    name: Words


class Notice(Aimed, frozen=True, kw_only=True):
    """Words of central for people at the kiosk, in Indonesian and perhaps English, shown up to a date."""

    text: Words
    en: Words | None = None
    until: date | None = None


class NearestOffice(Aimed, frozen=True, kw_only=True):
    """Another office for the people of `area`: where it is, when it is open, what it can do."""

    code: OfficeCode
    name: Words
    address: Words
    hours: Words
    services: tuple[Words, ...] = ()

    def __str__(self) -> str:
        """As people should read it."""
        can = f" ({', '.join(self.services)})" if self.services else ""
        return f"{self.name}, {self.address}, {self.hours}{can}"


class FromCentral(msgspec.Struct, frozen=True, kw_only=True):
    """The sections; one that was not sent is None and leaves the office's own word."""

    targets: tuple[SetTarget, ...] | None = None
    elections: tuple[Election, ...] | None = None
    notices: tuple[Notice, ...] | None = None
    holidays: tuple[Holiday, ...] | None = None
    nearest: tuple[NearestOffice, ...] | None = None


NOTHING: Final = FromCentral()
SECTIONS: Final = FromCentral.__struct_fields__


def checked(sections: dict[str, Any], *, file: str = "") -> FromCentral:
    """The sections as typed values; raises SettingsError for the first fault, and then nothing of it counts."""
    return read_table({name: sections[name] for name in SECTIONS if name in sections}, FromCentral, file=file)


def unknown(sections: dict[str, Any], *, file: str = "") -> None:
    """Raises SettingsError for a section that does not exist: whoever publishes has misspelt it."""
    for name in sections:
        if name not in SECTIONS:
            known = ", ".join(SECTIONS)
            raise SettingsError("settings", f"there is no such section; known are {known}", file=file, field=name)
