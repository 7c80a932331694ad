"""Reads what stands beside kiosk.toml and what ships with Rekam; the meaning is in agent.domain."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from agent.domain.elections import Elections
from agent.domain.idle import Idle
from agent.domain.regions import (
    KnownKecamatan,
    OfficeRegions,
    office_part,
    read_known_kecamatan,
    read_office_regions,
    read_regions,
)
from agent.domain.services import Services
from agent.domain.stock import StockRules
from agent.domain.targets import Targets
from agent.domain.training import People, Person
from agent.errors import SettingsError
from agent.toml_file import parse_toml, read_toml
from config import tables

SERVICES: Final = "services.toml"
REGIONS: Final = "regions.csv"
ELECTIONS: Final = "elections.toml"
STOCK: Final = "stock.toml"
TRAINING: Final = "training.toml"
TARGETS: Final = "targets.toml"
IDLE: Final = "idle.toml"


def load_services(path: Path) -> Services:
    """services.toml; raises SettingsError with the line of the first mistake."""
    return read_toml(path, Services)


def load_elections(path: Path) -> Elections:
    """elections.toml; raises SettingsError with the line of the first mistake. A missing file holds none."""
    return read_toml(path, Elections) if path.exists() else Elections()


def load_stock(path: Path) -> StockRules:
    """stock.toml; raises SettingsError with the line of the first mistake. A missing file holds what ships."""
    if path.exists():
        return read_toml(path, StockRules)
    return parse_toml(tables.shipped(STOCK).decode(), StockRules, file=STOCK)


def load_targets(path: Path) -> Targets:
    """targets.toml; raises SettingsError with the line of the first mistake. A missing file holds none."""
    return read_toml(path, Targets) if path.exists() else Targets()


def load_idle(path: Path) -> Idle:
    """idle.toml; raises SettingsError with the line of the first mistake. A missing file holds what ships."""
    if path.exists():
        return read_toml(path, Idle)
    return parse_toml(tables.shipped(IDLE).decode(), Idle, file=IDLE)


def load_regions(path: Path, office: str) -> OfficeRegions:
    """regions.csv, the office's own part of the table; raises SettingsError."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as fault:
        raise SettingsError("settings", f"cannot be read: {fault.strerror}", file=str(path)) from fault
    except UnicodeDecodeError as fault:
        raise SettingsError("settings", "is not UTF-8; save it as UTF-8", file=str(path)) from fault
    return read_office_regions(lines, office, file=str(path))


def regions_of(office: str) -> OfficeRegions:
    """The part of the whole table, as shipped, for any kecamatan; raises BadData `unknown-office`."""
    return office_part(read_regions(tables.shipped_lines(tables.REGIONS)), office)


@cache
def invented_people() -> tuple[Person, ...]:
    """The people of training.toml, as shipped."""
    return parse_toml(tables.shipped(TRAINING).decode(), People, file=TRAINING).person


@cache
def known_kecamatan() -> KnownKecamatan:
    """Every kecamatan code since 2015, read at first use and kept: some 32 kB."""
    return read_known_kecamatan(tables.shipped_lines(tables.KECAMATAN_EVER))
