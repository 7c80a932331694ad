"""kiosk.toml: what an office may decide, read once, checked whole, frozen.

`config/kiosk.toml` in the package explains each setting with its default, unit and reason; a
test holds the two together. Other programs of the set read their files by `read_toml`.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path
from typing import Final, Literal

import msgspec

from agent.settings_health import DeviceSettings, HealthSettings, LimitSettings
from agent.settings_objects import ObjectStorage
from agent.settings_values import (
    Address,
    Count,
    Every,
    Interface,
    Listen,
    OfficeCode,
    Positive,
    Proxy,
    Thumbprint,
    TimeOfDay,
    UsbName,
    WebUrl,
    Windows,
    Words,
    Zone,
    contradiction,
)
from agent.toml_file import read_toml

__all__ = ["KioskSettings", "load_kiosk", "read_toml"]

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class OfficeSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Which office this is; `rekam init` writes it from the table of regions."""

    code: OfficeCode
    name: Words
    regency: Words
    province: Words
    zone: Zone
    nearest: tuple[Words, ...] = ()


class CentralLink(msgspec.Struct, frozen=True, kw_only=True):
    """Where the lines go, and the one key by which central is believed."""

    url: WebUrl
    root: Thumbprint


class StoreSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How long receipted lines stay here."""

    retention_days: Count = 90


class WebSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the pages listen, when systemd hands over no sockets."""

    citizen: Listen = Address("127.0.0.1", 8080)
    staff: Listen = Address("127.0.0.1", 8081)

    def __post_init__(self) -> None:
        if not self.citizen.is_loopback():
            raise contradiction("citizen", "asks for no sign-in, so it must be on this machine: use 127.0.0.1")
        if self.citizen == self.staff:
            raise contradiction("staff", f"must differ from citizen, {self.citizen}")


class UploadSettings(msgspec.Struct, frozen=True, kw_only=True):
    """When and how much the agent sends."""

    every: Every = timedelta(minutes=5)
    heartbeat: Every = timedelta(minutes=15)
    windows: Windows = ()
    daily_bytes: Count = 0

    def is_open(self, now: time) -> bool:
        """Whether batches may be sent at local time `now`; no windows means always."""
        return not self.windows or any(window.contains(now) for window in self.windows)


class PrivacySettings(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a NIK may be taken, and whom the notice names."""

    subject: Literal["sealed", "none"] = "sealed"
    controller: str = ""
    contact: str = ""


class HoursSettings(msgspec.Struct, frozen=True, kw_only=True):
    """When the office serves people, on its own clock."""

    open: TimeOfDay = time(8, 0)
    close: TimeOfDay = time(15, 0)
    days: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri")
    breaks: Windows = ()
    holidays: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        if self.close <= self.open:
            raise contradiction("close", f"must be later than open, {self.open:%H:%M}")

    def is_working_day(self, day: date) -> bool:
        """Whether the office serves people on that date."""
        return DAYS[day.weekday()] in self.days and day not in self.holidays


class NetworkSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How this office reaches the net, where that is not simply there."""

    proxy: Proxy = ""
    ca_file: str = ""
    interface: Interface = ""
    family: Literal["any", "ipv4", "ipv6"] = "any"


class SiakSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What stands for SIAK when its reachability is probed: a plain TCP connection, nothing is sent."""

    address: Listen | None = None


class LineSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How people are called: priority, and those who were absent."""

    priority_ratio: Positive = 2
    absent_after: Count = 5
    most_calls: Positive = 3


class PrinterSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The ticket printer: how it is reached and how wide its paper is."""

    kind: Literal["none", "network", "usb", "file", "browser"] = "none"
    address: Listen | None = None
    usb: UsbName | None = None
    path: Words | None = None
    width_mm: Literal[58, 80] = 80

    def __post_init__(self) -> None:
        needed = {"network": "address", "usb": "usb", "file": "path"}.get(self.kind)
        if needed and getattr(self, needed) is None:
            raise contradiction(needed, f'must be set for a printer of kind "{self.kind}"')


class BackupSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Copies of the database on the same disk, for the day a file is damaged."""

    every: Every = timedelta(days=1)
    keep: Positive = 7


class TrainingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Whether this is an office of invented people; `rekam training` makes it."""

    on: bool = False


class KioskSettings(msgspec.Struct, frozen=True, kw_only=True):
    """All of kiosk.toml, and `home`, the absolute directory that holds it."""

    home: Path
    office: OfficeSettings
    central: CentralLink
    store: StoreSettings = StoreSettings()
    web: WebSettings = WebSettings()
    upload: UploadSettings = UploadSettings()
    health: HealthSettings = HealthSettings()
    limits: LimitSettings = LimitSettings()
    devices: DeviceSettings = DeviceSettings()
    privacy: PrivacySettings = PrivacySettings()
    hours: HoursSettings = HoursSettings()
    line: LineSettings = LineSettings()
    network: NetworkSettings = NetworkSettings()
    siak: SiakSettings = SiakSettings()
    printer: PrinterSettings = PrinterSettings()
    backup: BackupSettings = BackupSettings()
    training: TrainingSettings = TrainingSettings()
    objects: ObjectStorage = ObjectStorage()


def load_kiosk(path: Path) -> KioskSettings:
    """The settings in `path`; raises SettingsError that names the file and the first bad key."""
    return read_toml(path, KioskSettings, home=path.absolute().parent)
