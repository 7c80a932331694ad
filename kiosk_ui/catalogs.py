"""Reads the words of further languages, which an office may put beside its settings: DIR/translations/CODE.toml.

A catalog that could break a page is refused at the start, with the key at fault.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Final

from agent.errors import SettingsError

FOLDER: Final = "translations"
CODE: Final = re.compile(r"[a-z]{2,3}\Z")
NAME: Final = "language.name"
OF_THE_OFFICE: Final = "="  # before an Indonesian sentence of services.toml and the like
WORDS: Final = {"format.months": 12, "format.weekdays": 7}


def own_catalogs(home: Path, spare: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The office's own catalogs by language code; `spare` are the Indonesian texts. Raises SettingsError."""
    found = {}
    for file in sorted((home / FOLDER).glob("*.toml")):
        if not CODE.match(file.stem):
            raise fault(file, "-", "name it by the language's code of two or three small letters, such as bjn.toml")
        found[file.stem] = checked(file, read(file), spare)
    return found


def read(file: Path) -> dict[str, object]:
    """The file as it is; raises SettingsError."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as reason:
        raise fault(file, "-", f"cannot be read: {reason}") from reason


def checked(file: Path, texts: Mapping[str, object], spare: Mapping[str, str]) -> dict[str, str]:
    """The texts, each of which some page can say; raises SettingsError for the first that none can."""
    if NAME not in texts:
        raise fault(file, NAME, "is missing: how the language calls itself")
    return {key: usable(file, key, text, spare) for key, text in texts.items()}


def usable(file: Path, key: str, text: object, spare: Mapping[str, str]) -> str:
    """One text; raises SettingsError."""
    if not isinstance(text, str) or not text.strip():
        raise fault(file, key, "must be a text in quotation marks")
    if key.startswith(OF_THE_OFFICE):
        return text
    if key not in spare:
        raise fault(file, key, "no page says this; take the keys of id.toml")
    if placeholders(file, key, text) - placeholders(file, key, spare[key]):
        raise fault(file, key, f"its {{words in braces}} must be among those of: {spare[key]}")
    if key in WORDS and len(text.split()) != WORDS[key]:
        raise fault(file, key, f"must have {WORDS[key]} words")
    return text


def placeholders(file: Path, key: str, text: str) -> set[str]:
    """The names in braces; raises SettingsError where braces do not close."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as reason:
        raise fault(file, key, f"braces do not fit: {reason}") from reason


def fault(file: Path, key: str, reason: str) -> SettingsError:
    """What is wrong with a catalog."""
    return SettingsError("settings", reason, file=str(file), field=key)
