"""A person's data: sealed for central at once, readable here only in RAM and only while needed.

The ledger holds none of it. What is sealed lies beside the line until central's receipt; what
the counter may read lies on a RAM disk until the visit ends or the day closes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Container
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from agent.clock import local
from agent.office import Office
from agent.store import ledger
from agent.store.database import Store
from agent.wire import keys as wire_keys
from agent.wire import subject as wire_subject
from agent.wire.keys import KeyList, ListedKey

RandomBytes = Callable[[int], bytes]
KEY_LIST: Final = "keys/keylist.jws"
RAM_DISKS: Final = ("/run/rekam", "/dev/shm")  # noqa: S108 — a RAM disk is what is wanted


def key_list(home: Path, root: str) -> KeyList | None:
    """The newest key list that this office holds, signed by the pinned root; None without one."""
    file = home / KEY_LIST
    try:
        return wire_keys.read(file.read_text("ascii").strip(), root, file=str(file))
    except (FileNotFoundError, UnicodeDecodeError):
        return None


def sealing_key(store: Store, office: Office) -> ListedKey | None:
    """The key for today's month; None when nothing personal may be taken."""
    if office.settings.privacy.subject == "none":
        return None
    keys = office.keys()
    month = f"{local(store.clock.wall_ms(), office.zone):%Y-%m}"
    return keys.sealing(month) if keys else None


def keep(store: Store, office: Office, visit: str, ledger_name: str, n: int, subject: dict[str, str]) -> None:
    """Seal a subject beside line `n` in the caller's transaction, and leave the counter its copy in RAM.

    Without a sealing key nothing is kept.
    """
    key = sealing_key(store, office)
    if key is None:
        return
    name = wire_subject.info(ledger_name, ledger.ENROLLMENTS, n)
    ledger.put_subject(store, n, key.kid, wire_subject.seal(subject, key.key(), name))
    folder = ram_folder(store.home)
    if folder is not None:
        with suppress(OSError):  # the counter asks the citizen again; the sealed copy stands
            write_private(folder / visit, msgspec.json.encode(subject))


def readable(store: Store, visit: str) -> dict[str, str] | None:
    """What the counter may read of an open visit; None after a reboot: ask the citizen again."""
    folder = ram_folder(store.home)
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode((folder / visit).read_bytes(), type=dict[str, str]) if folder else None
    return None


def forget(store: Store, visit: str) -> None:
    """The visit is over: its readable copy goes."""
    folder = ram_folder(store.home)
    if folder is not None:
        (folder / visit).unlink(missing_ok=True)


def tidy(store: Store, still_open: Container[str]) -> int:
    """Delete the readable copies of visits that are over; how many."""
    folder = ram_folder(store.home)
    over = [copy for copy in (folder.iterdir() if folder else ()) if copy.name not in still_open]
    for copy in over:
        copy.unlink(missing_ok=True)
    return len(over)


def ram_folder(home: Path) -> Path | None:
    """This office's private folder on a RAM disk; None where the machine has none.

    A folder that somebody else made is not used: its owner could read it.
    """
    disk = next((Path(name) for name in RAM_DISKS if os.access(name, os.W_OK)), None)
    if disk is None or not on_ram(disk):
        return None
    folder = disk / f"rekam-{os.getuid()}-{home.stat().st_ino}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    state = folder.lstat()
    return folder if state.st_uid == os.getuid() and state.st_mode & 0o777 == 0o700 else None


def on_ram(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> bool:
    """Whether the file system under `folder` is a tmpfs."""
    points = [line.split()[1:3] for line in mounts.read_text().splitlines()]
    under = [(point, kind) for point, kind in points if folder.is_relative_to(point)]
    return bool(under) and max(under, key=lambda mount: len(mount[0]))[1] in ("tmpfs", "ramfs")


def write_private(file: Path, content: bytes) -> None:
    """Write a file that only its owner may read."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as open_file:
        open_file.write(content)
