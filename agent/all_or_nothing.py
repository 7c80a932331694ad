"""A directory that is filled completely or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from agent.errors import RekamError, UsageError

DRAFT: Final = ".rekam-init-"
FOLDER_MODE: Final = 0o750


@contextmanager
def filled_at_once(folder: Path, last: str) -> Iterator[Path]:
    """A draft to fill; at the end `folder` has all of it, or nothing when anything was raised.

    A new folder appears in one step. One that exists keeps its owner, its mode and the shell that
    stands in it: it gets the entries one by one, and is not complete before `last`.
    Raises UsageError `not-empty`, RekamError `not-written` where the disk or its rights refuse.
    """
    try:
        exists = _is_there_and_empty(folder)
        parent = folder if exists else folder.parent
        parent.mkdir(parents=True, exist_ok=True)
        draft = Path(mkdtemp(prefix=DRAFT, dir=parent))
    except OSError as fault:
        raise _not_written(folder, fault) from fault
    try:
        yield draft
        _move_in(draft, folder, last) if exists else _appear(draft, folder)
    except OSError as fault:
        raise _not_written(folder, fault) from fault
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _not_written(folder: Path, fault: OSError) -> RekamError:
    return RekamError("not-written", f"{fault.strerror}; nothing was kept", file=str(folder))


def _is_there_and_empty(folder: Path) -> bool:
    """Whether it exists and is empty; False when it does not exist; raises UsageError when it is in use."""
    try:
        found = next(folder.iterdir(), None)
    except FileNotFoundError:
        return False
    except NotADirectoryError as fault:
        raise UsageError("not-empty", "is a file; name a new directory", file=str(folder)) from fault
    if found is not None:
        raise UsageError("not-empty", f"holds {found.name}; name a new or an empty directory", file=str(folder))
    return True


def _appear(draft: Path, folder: Path) -> None:
    draft.chmod(FOLDER_MODE)
    draft.rename(folder)


def _move_in(draft: Path, folder: Path, last: str) -> None:
    moved: list[Path] = []
    try:
        for entry in sorted(draft.iterdir(), key=lambda entry: entry.name == last):
            moved.append(entry.rename(folder / entry.name))
    except OSError:
        for entry in moved:
            with suppress(OSError):
                entry.rename(draft / entry.name)
        raise


def write_new(file: Path, content: bytes, mode: int) -> None:
    """A file that did not exist, with exactly that mode, on the disk before this returns."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(handle, "wb") as open_file:
        os.fchmod(handle, mode)
        open_file.write(content)
        open_file.flush()
        os.fsync(handle)


def make_folder(folder: Path, mode: int) -> None:
    """A directory that did not exist, with exactly that mode."""
    folder.mkdir()
    folder.chmod(mode)
