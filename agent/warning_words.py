"""What each warning says to an officer and to a technician, in both languages: the table of config/warnings.toml."""

from __future__ import annotations

from functools import cache

import msgspec

from agent.domain.health_rules import ADDRESS
from agent.domain.services import Text
from agent.toml_file import parse_toml
from config import tables

FILE = "warnings.toml"


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """A warning's words: what is wrong, and the first step of each reader."""

    title: Text
    officer: Text
    technician: Text


class WarningTable(msgspec.Struct, frozen=True, kw_only=True):
    """All of them by code, and the names of the probes."""

    warning: dict[str, Words]
    probe: dict[str, Text]


class Said(msgspec.Struct, frozen=True):
    """A warning in one language."""

    title: str
    officer: str
    technician: str


@cache
def warning_table() -> WarningTable:
    """The shipped table, read at first use."""
    return parse_toml(tables.shipped(FILE).decode(), WarningTable, file=FILE)


def probe_name(probe: str, lang: str) -> str:
    """What people call a probe; an address is its own name."""
    found = warning_table().probe.get(probe)
    return in_language(found, lang) if found else probe.removeprefix(ADDRESS)


def said(code: str, probe: str, lang: str) -> Said:
    """What a warning of that code says of that probe."""
    words, name = warning_table().warning[code], probe_name(probe, lang)
    return Said(*(filled(in_language(text, lang), name) for text in (words.title, words.officer, words.technician)))


def in_language(text: Text, lang: str) -> str:
    """The words for that reader; Indonesian for any language that the table has not."""
    return text.en if lang == "en" else text.id


def filled(text: str, name: str) -> str:
    """The text with the probe's name in place."""
    return text.replace("{device}", name).replace("{Device}", name[:1].upper() + name[1:])
