"""[health], [limits] and [devices] of kiosk.toml: what is looked at, and from when on it is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import msgspec

from agent.settings_values import Count, Every, Listen, Positive, UsbName, contradiction

Modality = Literal["face", "finger", "iris"]


class HealthSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How often the machine is looked at, how often that is told, and how long a symptom must last."""

    every: Every = timedelta(seconds=60)
    summary: Every = timedelta(minutes=15)
    hold: Every = timedelta(seconds=90)
    addresses: tuple[Listen, ...] = ()

    def __post_init__(self) -> None:
        if self.summary < self.every:
            raise contradiction("summary", "must not be shorter than every: it sums up its readings")


class LimitSettings(msgspec.Struct, frozen=True, kw_only=True):
    """From where on a reading is a warning."""

    cpu_percent: Positive = 95
    memory_mb: Count = 100
    disk_low_mb: Count = 2048
    disk_full_mb: Count = 512
    disk_wear_percent: Positive = 90
    temperature_c: Positive = 80
    unclean_a_week: Positive = 3
    battery_percent: Count = 30
    clock_off: Every = timedelta(seconds=60)
    clock_unknown: Every = timedelta(minutes=30)
    sim_percent: Count = 20
    browser_silent: Every = timedelta(minutes=5)
    database_mb: Positive = 4096
    unsent: Every = timedelta(hours=24)
    backup_age: Every = timedelta(days=3)
    process_mb: Positive = 200
    unused_days: Count = 5


class DeviceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The recording set as far as this machine sees it: by USB id, or by its MOSIP SBI services."""

    camera: UsbName | None = None
    fingerprint: UsbName | None = None
    iris: UsbName | None = None
    signature: UsbName | None = None
    card_printer: UsbName | None = None
    sbi: tuple[Modality, ...] = ()
