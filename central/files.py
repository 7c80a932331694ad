"""Writes the files of a receiver: whole, synced, with the rights they should have from their first byte."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from agent.errors import SettingsError, UsageError

SECRET: Final = 0o600
OPEN: Final = 0o644


def write_whole(path: Path, content: str, mode: int) -> None:
    """Put a text at `path`, in the place of what was there, or raise SettingsError and change nothing."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            os.fchmod(handle, mode)
            out.write(content)
            out.flush()
            os.fsync(handle)
        draft.replace(path)
    except OSError as fault:
        draft.unlink(missing_ok=True)
        raise SettingsError("settings", f"cannot be written: {fault.strerror}", file=str(path)) from fault


def read_text(path: Path) -> str:
    """The text of a file, without the white space around it; raises SettingsError."""
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else "is not text"
        raise SettingsError("settings", f"cannot be read: {reason}", file=str(path)) from fault


def empty_folder(path: Path) -> None:
    """Make a directory, or take one that is empty; raises UsageError `not-empty`, SettingsError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        found = next(path.iterdir(), None)
    except OSError as fault:
        raise SettingsError("settings", f"cannot be made: {fault.strerror}", file=str(path)) from fault
    if found is not None:
        raise UsageError("not-empty", f"holds {found.name}; name a new or an empty directory", file=str(path))
