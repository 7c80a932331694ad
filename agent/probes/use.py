"""How long each device was not used, by what visits show and what somebody tried out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agent.actions import device_use
from agent.domain.health_rules import reading_name
from agent.office import Office
from agent.store.database import Store


def read(store: Store, office: Office, devices: Iterable[str]) -> Mapping[str, Mapping[str, float]]:
    """Device → NAME_unused_days in working days, NAME_test_failed 1 or 0."""
    return {device: of_device(store, office, device) for device in devices}


def of_device(store: Store, office: Office, device: str) -> dict[str, float]:
    """The readings of one device."""
    name = reading_name(device)
    return {
        f"{name}_unused_days": float(device_use.unused_days(store, office, device)),
        f"{name}_test_failed": float(device_use.has_failed(store, device)),
    }
