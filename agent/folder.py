"""A directory on a stick: every file in it is whole or not there, whenever it is pulled.

Names are lower-case hexadecimal with an ending, or one of two fixed ones; anything else on the
stick is left alone.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from agent.errors import Unreachable

DRAFT: Final = ".part"
FULL: Final = ("carrier-full", "make room on the stick or take another; what was written by now is good")
PROTECTED: Final = ("carrier-read-only", "the stick cannot be written to; unlock it or take another")
GONE: Final = ("carrier-gone", "the stick was pulled or is broken; put it in and begin again, nothing is lost")
REASONS: Final = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), FULL),
    **dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM), PROTECTED),
    **dict.fromkeys((errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO, errno.ESTALE, errno.ENOTCONN), GONE),
}
_OURS: Final = re.compile(r"[0-9a-f]{64}\.(rekam|receipt|pair)\Z|(keys|settings)\.jws\Z")
_DRAFTS: Final = re.compile(r"\.([0-9a-f]{64}\.(rekam|receipt|pair)|(keys|settings)\.jws)\.part\Z")


class Box(Protocol):
    """Where files are put and found by name: a stick, a bucket, a folder of our own. All calls raise Unreachable."""

    def names(self, ending: str) -> list[str]:
        """Our files with that ending, sorted."""

    def read(self, name: str, most: int) -> bytes | None:
        """A file, at most so many bytes of it; None where there is none."""

    def put(self, name: str, content: bytes) -> None:
        """Write a file, whole or not at all."""

    def delete(self, name: str) -> None:
        """Remove a file, if it is there."""


class Folder:
    """Files on a carrier that is a directory.

    All calls raise Unreachable: `carrier-full`, `carrier-read-only`, `carrier-gone`, or `carrier` for other faults.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._device: int | None = None

    def names(self, ending: str) -> list[str]:
        """Our files with that ending, sorted."""
        with self.spoken():
            found = [entry.name for entry in os.scandir(self.path) if entry.is_file(follow_symlinks=False)]
        return sorted(name for name in found if _OURS.match(name) and name.endswith(ending))

    def read(self, name: str, most: int) -> bytes | None:
        """The file, at most `most` bytes of it; None where there is none."""
        with self.spoken():
            try:
                handle = os.open(self.path / name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
            except FileNotFoundError:
                return None
            with os.fdopen(handle, "rb") as file:
                return file.read(most)

    def put(self, name: str, content: bytes) -> None:
        """Write a file and its name to the stick itself: temp, sync, rename, sync."""
        draft = self.path / f".{name}{DRAFT}"
        with self.spoken():
            self.check_still_there()
            draft.unlink(missing_ok=True)
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            draft.replace(self.path / name)
            self.sync()

    def delete(self, name: str) -> None:
        """Remove a file, if it is there."""
        with self.spoken():
            (self.path / name).unlink(missing_ok=True)

    def clear_drafts(self) -> None:
        """Remove what a pulled stick left half written."""
        with self.spoken():
            for entry in list(os.scandir(self.path)):
                if _DRAFTS.match(entry.name):
                    (self.path / entry.name).unlink(missing_ok=True)

    def sync(self) -> None:
        """Have the directory itself written."""
        with self.spoken():
            handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def check_still_there(self) -> None:
        """Raises OSError where the stick was pulled and its empty mount point on our own disk is left."""
        device = self.path.stat().st_dev
        self._device = device if self._device is None else self._device
        if device != self._device:
            raise OSError(errno.ENODEV, "it was pulled")

    @contextmanager
    def spoken(self) -> Iterator[None]:
        """Raises Unreachable for what the system says of the stick, with a code for each thing to do about it."""
        try:
            yield
        except OSError as fault:
            code, what_to_do = REASONS.get(fault.errno or 0, ("carrier", "try again, else take another stick"))
            raise Unreachable(code, f"{fault.strerror}: {what_to_do}", file=str(self.path)) from fault
