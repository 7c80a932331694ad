"""Reads what stands beside kiosk.toml and what ships with Rekam; the meaning is in agent.domain."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from agent.domain.regions import (
    KnownKecamatan,
    OfficeRegions,
    office_part,
    read_known_kecamatan,
    read_regions,
)
from agent.domain.services import Services
from agent.errors import BadData, SettingsError
from agent.toml_file import read_toml
from config import tables

SERVICES: Final = "services.toml"
REGIONS: Final = "regions.csv"


def load_services(home: Path) -> Services:
    """The services that the office under `home` offers; raises SettingsError with the line."""
    return read_toml(home / SERVICES, Services)


def load_regions(home: Path, office: str) -> OfficeRegions:
    """The office's own part of the table of regions; raises SettingsError."""
    path = home / REGIONS
    try:
        lines = path.read_text("utf-8").splitlines()
        return office_part(read_regions(lines, file=str(path)), office, file=str(path))
    except OSError as fault:
        raise SettingsError("settings", f"cannot be read: {fault.strerror}", file=str(path)) from fault
    except UnicodeDecodeError as fault:
        raise SettingsError("settings", "is not UTF-8; save it as UTF-8", file=str(path)) from fault
    except BadData as fault:
        raise SettingsError("settings", fault.sentence, file=str(path), field=fault.field) from fault


def regions_of(office: str) -> OfficeRegions:
    """The part of the whole table, as shipped, for any kecamatan; raises BadData `unknown-office`."""
    return office_part(read_regions(tables.shipped_lines(tables.REGIONS)), office)


@cache
def known_kecamatan() -> KnownKecamatan:
    """Every kecamatan code since 2015, read at first use and kept: some 32 kB."""
    return read_known_kecamatan(tables.shipped_lines(tables.KECAMATAN_EVER))
