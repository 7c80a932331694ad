"""One device looked at because somebody asked: it is plugged in, its driver's file opens, its SBI service is ready."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from agent.clock import Clock
from agent.domain.health_rules import SBI_STATES, reading_name
from agent.domain.sbi import AT_WORK, MODALITIES, PORTS
from agent.probes import usb
from agent.probes.sbi import Services
from agent.settings_health import DeviceSettings

DEV: Final = Path("/dev")
NODES: Final = ("*:*/video4linux/*", "*:*/hidraw/*", "*:*/*/hidraw/*", "*:*/usbmisc/*")
NEEDS_NODE: Final = ("camera",)  # makers' programs speak to most scanners without a driver of the kernel
BUSY: Final = (errno.EBUSY,)
HIDDEN: Final = (errno.ENOENT, errno.EACCES, errno.EPERM)  # as the agent's sandbox has it, unless a drop-in allows it


class Seen(msgspec.Struct, frozen=True):
    """A thing that was looked at, in words for a technician, and whether it is as it should be."""

    words: str
    ok: bool


def look(
    device: str,
    devices: DeviceSettings,
    clock: Clock,
    sysfs: Path = usb.SYSFS,
    dev: Path = DEV,
    ports: Sequence[int] = PORTS,
) -> tuple[Seen, ...]:
    """Everything that this machine can tell of a device; nothing of one that kiosk.toml does not name."""
    usb_id = getattr(devices, reading_name(device), None)
    modality = next((each for each in devices.sbi if MODALITIES[each][0] == device), None)
    plugged = of_usb(device, usb_id, sysfs, dev) if usb_id else ()
    return (*plugged, *((of_service(modality, clock, ports),) if modality else ()))


def of_usb(device: str, usb_id: str, sysfs: Path, dev: Path) -> Iterator[Seen]:
    """Whether it is plugged in, and each of its driver's files."""
    folder = usb.folders(sysfs).get(usb_id)
    yield Seen(f"USB {usb_id} is {'' if folder else 'not '}plugged in", ok=folder is not None)
    if folder is not None:
        found = sorted({name_of(node) for pattern in NODES for node in folder.glob(pattern)})
        yield from (opened(dev / name) for name in found)
        if not found and device in NEEDS_NODE:
            yield Seen("no driver has taken it", ok=False)


def name_of(node: Path) -> str:
    """How the kernel calls the file of a node beneath /dev."""
    with suppress(OSError):
        for line in (node / "uevent").read_text().splitlines():
            if line.startswith("DEVNAME="):
                return line.removeprefix("DEVNAME=")
    return node.name


def opened(file: Path) -> Seen:
    """Whether a driver's file opens; one that another program holds is at work, one that is hidden tells nothing."""
    try:
        os.close(os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC))
    except OSError as fault:
        if fault.errno in HIDDEN:
            return Seen(f"{file} is hidden from rekam-agent", ok=True)
        return Seen(f"{file}: {fault.strerror}", ok=fault.errno in BUSY)
    return Seen(f"{file} opens", ok=True)


def of_service(modality: str, clock: Clock, ports: Sequence[int]) -> Seen:
    """What the SBI services say now."""
    device, _ = MODALITIES[modality]
    found = Services((modality,), clock, ports).read()[device]
    state = SBI_STATES[int(found[f"{reading_name(device)}_sbi"])]
    return Seen(" ".join(filter(None, ("SBI:", state, str(found["said"])))), ok=state in AT_WORK)
