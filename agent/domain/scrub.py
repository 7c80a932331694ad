"""Text made fit to leave the office: nothing in it names a person or opens a door."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

GONE: Final = "[…]"
SHORTEST_SECRET: Final = 3
MOST_DIGITS: Final = 5  # in one run: a PIN has six
MOST_IN_GROUPS: Final = 8  # a kecamatan's code has six, a NIK or a telephone number more than eight
# A date and an address are no number of a person; anything else made of digits may be one.
_NUMBERS: Final = re.compile(
    r"(?P<kept>(?<![\d.-])(?:(?:19|20)\d\d-[01]\d-[0-3]\d(?=[T:,;)\]]|\s\d\d:|\s\D|$)|\d{1,3}(?:\.\d{1,3}){3}(?![.\d-])))"
    r"|\+?\d(?:[ ./_()-]{0,2}\d)*"
)
_CREDENTIALS: Final = re.compile(r"(?<=//)[^/\s@]+@")
_TOKENS: Final = re.compile(r"[A-Za-z0-9_-]{32,}")


def scrubbed(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without the given secrets, long numbers, credentials in addresses and long tokens.

    `secrets` are what only this office knows: names of its officers, passwords, its token.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = re.sub(re.escape(secret), GONE, text, flags=re.IGNORECASE)
    text = _CREDENTIALS.sub(f"{GONE}@", text)
    text = _TOKENS.sub(lambda found: found[0][:6] + GONE, text)
    return _NUMBERS.sub(without_number, text)


def without_number(found: re.Match[str]) -> str:
    """What stays of a number: all of it, unless it is long enough to be a person's."""
    if found["kept"]:
        return found[0]
    runs = re.findall(r"\d+", found[0])
    is_long = max(map(len, runs)) > MOST_DIGITS or sum(map(len, runs)) > MOST_IN_GROUPS
    return GONE if is_long else found[0]


def scrubbed_all(found: Any, secrets: Iterable[str] = ()) -> Any:
    """The same for every text in lists and objects; numbers, keys and what is no text stay."""
    if isinstance(found, str):
        return scrubbed(found, secrets)
    if isinstance(found, dict):
        return {key: scrubbed_all(value, secrets) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [scrubbed_all(value, secrets) for value in found]
    return found
