"""Programs of the machine that are asked by a probe: in a child, with an end."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any, Final

import msgspec

LONGEST_S: Final = 10.0
SYSTEM_PATH: Final = "/usr/sbin:/usr/bin:/sbin:/bin"


def said(program: str, *words: str, longest_s: float = LONGEST_S) -> str | None:
    """What a program wrote, whatever it ended with; None where it is not installed. Raises TimeoutExpired, OSError."""
    found = shutil.which(program) or shutil.which(program, path=SYSTEM_PATH)
    if found is None:
        return None
    ended = subprocess.run(
        [found, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        timeout=longest_s, check=False,
    )  # fmt: skip
    return ended.stdout.decode("utf-8", "replace")


def said_json(program: str, *words: str) -> Any:
    """The same for a program that writes JSON; None where it wrote none."""
    text = said(program, *words)
    return msgspec.json.decode(text) if text and text.lstrip().startswith(("{", "[")) else None
