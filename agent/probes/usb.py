"""Which of the office's USB devices are plugged into this machine, as the kernel lists them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from agent.domain.health_rules import reading_name

SYSFS: Final = Path("/sys/bus/usb/devices")


def read(wanted: Mapping[str, str], sysfs: Path = SYSFS) -> Mapping[str, Mapping[str, float]]:
    """Device → NAME_present, 1 or 0, for each device whose USB id, vendor:product, is `wanted`."""
    plugged = folders(sysfs)
    return {device: {f"{reading_name(device)}_present": float(usb in plugged)} for device, usb in wanted.items()}


def folders(sysfs: Path) -> dict[str, Path]:
    """vendor:product and folder of all that is plugged in; what is pulled out meanwhile, or unreadable, is not."""
    found = {}
    for folder in sysfs.iterdir() if sysfs.is_dir() else ():
        with suppress(OSError, UnicodeDecodeError):
            usb_id = f"{(folder / 'idVendor').read_text().strip()}:{(folder / 'idProduct').read_text().strip()}"
            found[usb_id] = folder
    return found
