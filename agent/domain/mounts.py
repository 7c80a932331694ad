"""What is mounted, as the kernel tells it in /proc/self/mountinfo (proc(5)), and a stick as people see it."""

from __future__ import annotations

import re
from typing import Final

import msgspec

_ESCAPED: Final = re.compile(r"\\([0-7]{3})")


class Mount(msgspec.Struct, frozen=True):
    """A mounted file system: its device as major:minor, and where it is."""

    device: str
    place: str
    read_only: bool


class Stick(msgspec.Struct, frozen=True):
    """A mounted stick: where, what it calls itself, its bytes and how many are free."""

    place: str
    name: str
    size: int
    free: int
    read_only: bool


def mounts(text: str) -> list[Mount]:
    """The mounts of whole file systems, in the kernel's order; lines that cannot be read are left out."""
    return [found for line in text.splitlines() if (found := mount(line)) is not None]


def mount(line: str) -> Mount | None:
    """One line; None for a part of a file system that is bound elsewhere."""
    fields, _, rest = line.partition(" - ")
    words, about = fields.split(" "), rest.split(" ")
    if len(words) < 6 or len(about) < 3 or words[3] != "/":
        return None
    read_only = "ro" in words[5].split(",") or "ro" in about[2].split(",")
    return Mount(words[2], _ESCAPED.sub(lambda found: chr(int(found[1], 8)), words[4]), read_only)
