"""A sign of life of the pages' process and of the citizen's browser, left on the RAM disk for the agent's probes."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

FILE: Final = "run/kiosk.json"
SELDOM_MS: Final = 20_000


class Pulse(msgspec.Struct, frozen=True):
    """The boot's number, when a browser first and last asked for the citizen's page, ms of that boot, what it costs."""

    boot: int
    first: int | None = None
    heard: int | None = None
    cost: dict[str, float] = {}


def leave(home: Path, pulse: Pulse) -> None:
    """Write it down; a full or missing RAM disk costs only the reading."""
    with suppress(OSError):
        fresh = (home / FILE).with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(pulse))
        fresh.replace(home / FILE)


def found(home: Path) -> Pulse | None:
    """The last one; None where no pages run."""
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode((home / FILE).read_bytes(), type=Pulse)
    return None
