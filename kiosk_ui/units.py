"""Readings in the units that a person thinks in; the end of a reading's name tells which."""

from __future__ import annotations

from typing import Final

from kiosk_ui.messages import Language

GIGA: Final = 1024**3
MEGA: Final = 1024**2
YES_OR_NO: Final = (
    "_present", "_reachable", "_online", "_open", "_out", "_low", "_error", "_failed", "_failing", "_sound", "_locked",
    "_ntp",
)  # fmt: skip
ENDINGS: Final = {"_percent": ("%", 1), "_c": ("°C", 0), "_kbit": ("kbit/s", 0), "_dbm": ("dBm", 0)}
# The unit of a time and the finer one beside it.
LONG: Final = (("days", 86_400, ("hours", 3_600)), ("hours", 3_600, ("minutes", 60)), ("minutes", 60, None))


def is_yes_or_no(name: str) -> bool:
    """Whether a reading says only yes or no."""
    return name.endswith(YES_OR_NO) or name.startswith("reachable ") or name == "on_battery"


def has_unit(name: str) -> bool:
    """Whether a reading says something without its name beside it."""
    return name.endswith((*ENDINGS, "_s", "_bytes")) or name.startswith(("disk_free", "memory_"))


def reading(words: Language, name: str, value: float) -> str:
    """A reading as a person reads it: `12,3 %`, `5,0 GB`, `2 jam`, `Ya`."""
    if is_yes_or_no(name):
        return words.say("yes" if value else "no")
    for ending, (unit, decimals) in ENDINGS.items():
        if name.endswith(ending):
            return f"{words.number(value, decimals)} {unit}"
    if name.endswith("_s"):
        return words.duration(value) if value >= 1 else f"{words.number(value * 1000)} ms"
    if name.startswith(("bytes_", "disk_", "memory_")) or name.endswith("_bytes"):
        unit, size = ("GB", GIGA) if value >= GIGA else ("MB", MEGA)
        return f"{words.number(value / size, 1)} {unit}"
    return words.number(value, 0 if value == int(value) else 2)


def span(words: Language, seconds: float) -> str:
    """How long something lasted, in its two largest units down to a minute: `1 jam 20 menit`, `38 menit`, `5 detik`."""
    whole = max(0, int(seconds))
    for unit, size, finer in LONG:
        if whole >= size:
            said = [words.say(f"format.{unit}", n=words.number(whole // size))]
            if finer and whole % size >= finer[1]:
                said.append(words.say(f"format.{finer[0]}", n=whole % size // finer[1]))
            return " ".join(said)
    return words.say("format.seconds", n=whole)
