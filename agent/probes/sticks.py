"""Which USB sticks are mounted: what the kernel says of mounts and of the disks beneath them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from agent.domain.mounts import Mount, Stick, mounts

MOUNTS: Final = Path("/proc/self/mountinfo")
SYSTEM: Final = Path("/sys")


def find(
    mountinfo: Path = MOUNTS, system: Path = SYSTEM, usage: Callable[[str], Any] = shutil.disk_usage
) -> list[Stick]:
    """The sticks, by place; the disk that the machine runs from is none, even when it is on USB."""
    found = mounts(mountinfo.read_text("utf-8", "surrogateescape"))
    own = {disk_of(system, each) for each in found if each.place in ("/", "/usr", "/boot")}
    sticks: dict[str, Stick] = {}
    for each in found:
        disk = disk_of(system, each)
        if disk is not None and disk not in own and is_stick(disk) and each.device not in sticks:
            try:
                room = usage(each.place)
            except OSError:
                continue  # pulled a moment ago
            sticks[each.device] = Stick(each.place, name_of(disk), room.total, room.free, each.read_only)
    return sorted(sticks.values(), key=lambda stick: stick.place)


def disk_of(system: Path, mounted: Mount) -> Path | None:
    """The disk's directory in sysfs; None for what lies on no disk."""
    part = system / "dev/block" / mounted.device
    if not part.exists():
        return None
    part = part.resolve()
    return part if (part / "removable").exists() else part.parent


def is_stick(disk: Path) -> bool:
    """Whether a disk may be pulled: it says so, or it is on USB (most USB disks call themselves fixed)."""
    return said(disk / "removable") == "1" or any(part.startswith("usb") for part in disk.parts)


def name_of(disk: Path) -> str:
    """Vendor and model, else the disk's name."""
    return " ".join(word for word in (said(disk / "device/vendor"), said(disk / "device/model")) if word) or disk.name


def said(file: Path) -> str:
    """A line of sysfs; empty where there is none."""
    try:
        return " ".join(file.read_text("ascii", "replace").split())
    except OSError:
        return ""
