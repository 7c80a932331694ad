"""A person's data: sealed for central at once, readable here only in RAM and only while needed.

The ledger holds none of it. What is sealed lies beside the line until central's receipt; what
the counter may read lies on a RAM disk until the visit ends or the day closes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from agent.clock import local
from agent.office import Office
from agent.store import ledger
from agent.store.database import Store
from agent.wire import subject as wire_subject
from agent.wire.keys import ListedKey

RandomBytes = Callable[[int], bytes]
RAM_DISKS: Final = ("/run/rekam", "/dev/shm")  # noqa: S108 — a RAM disk is what is wanted
# A place on a list keeps its copy until the day closes: a supervisor prints who is to be visited.
# A list that is being taken in lies in the same folder, named by its roster.
_STILL_OPEN: Final = """
SELECT substr(v.ledger, -8) || '.' || v.n FROM visit v
LEFT JOIN listing l ON l.visit = v.number AND l.handed_t IS NULL AND l.served_t IS NULL
WHERE v.day = (SELECT max(number) FROM queue_day WHERE closed_t IS NULL) AND (v.state <> 'finished' OR l.number)
UNION ALL SELECT 'roster-' || number FROM roster WHERE state = 'loading'
"""


def sealing_key(store: Store, office: Office) -> ListedKey | None:
    """The key for the queue day's month; None when nothing personal may be taken."""
    if office.settings.privacy.subject == "none":
        return None
    keys = office.keys()
    month = f"{local(store.clock.wall_ms(), office.zone):%Y-%m}"
    for (labelled,) in store.rows("SELECT substr(date, 1, 7) FROM queue_day ORDER BY number DESC LIMIT 1"):
        month = labelled
    return keys.sealing(month) if keys else None


def seal(store: Store, office: Office, ledger_name: str, n: int, subject: dict[str, str]) -> bool:
    """Seal a subject beside line `n`, inside the caller's transaction; False without a sealing key."""
    key = sealing_key(store, office)
    if key is not None:
        name = wire_subject.info(ledger_name, ledger.ENROLLMENTS, n)
        ledger.put_subject(store, n, key.kid, wire_subject.seal(subject, key.key(), name))
    return key is not None


def leave_readable(store: Store, visit: str, subject: dict[str, str]) -> None:
    """Leave the counter its copy in RAM, after the commit; copies of visits that are over go."""
    tidy(store)
    with suppress(OSError):  # the counter asks the citizen again; the sealed copy stands
        folder = private_folder(store.home)
        if folder is not None:
            write_private(folder / visit, msgspec.json.encode(subject))


def readable(store: Store, visit: str) -> dict[str, str] | None:
    """What the counter may read of an open visit; None after a reboot: ask the citizen again."""
    folder = ram_folder(store.home)
    with suppress(OSError, ValueError, msgspec.DecodeError):
        return msgspec.json.decode((folder / visit).read_bytes(), type=dict[str, str]) if folder else None
    return None


def forget(store: Store, visit: str) -> None:
    """The visit is over: its readable copy goes."""
    folder = ram_folder(store.home)
    if folder is not None:
        with suppress(OSError):  # none was made, or not by this user
            (folder / visit).unlink()


def tidy(store: Store) -> int:
    """Delete the copies of visits that are over and of lists taken in; how many. Only who wrote them can."""
    folder = ram_folder(store.home)
    if folder is None or not folder.exists():
        return 0
    still_open = {name for (name,) in store.rows(_STILL_OPEN)}
    over = [copy for copy in folder.iterdir() if copy.name.partition("~")[0] not in still_open]
    for copy in over:
        copy.unlink(missing_ok=True)
    return len(over)


def ram_folder(home: Path) -> Path | None:
    """Where this office's copies lie on a RAM disk, whether or not it was made; None where the machine has none."""
    disk = next((Path(name) for name in RAM_DISKS if os.access(name, os.W_OK)), None)
    if disk is None or not on_ram(disk):
        return None
    return disk / f"rekam-{os.getuid()}-{home.stat().st_ino}"


def private_folder(home: Path) -> Path | None:
    """The same, made; None where somebody else made it, who as its owner could read what lies in it."""
    folder = ram_folder(home)
    if folder is None:
        return None
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
