"""What the disks say of their own health: by reports that root leaves, else by smartctl where it may ask them.

The agent's unit hides every disk from it, so on a hardened machine only the former is left; see docs/deployment.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from agent.clock import Clock
from agent.errors import BadData
from agent.probes import child

MOST_DISKS: Final = 4
REPORTS: Final = "run/smart"
FRESH_MS: Final = 48 * 3_600_000  # they come each hour; after two days whatever wrote them has ended
REALLOCATED, PENDING = 5, 197
WORN_BY_VALUE: Final = (231, 233, 177, 202)  # SSD life left, counted down from 100 by different makers


class Status(msgspec.Struct, frozen=True):
    """What the disk thinks of itself."""

    passed: bool | None = None


class Worn(msgspec.Struct, frozen=True):
    """What an NVMe disk says of its wear."""

    percentage_used: int | None = None


class Raw(msgspec.Struct, frozen=True):
    """An attribute as the maker counts it."""

    value: int


class Attribute(msgspec.Struct, frozen=True):
    """An attribute of an ATA disk: `value` counts down from 100 or 200."""

    id: int
    value: int
    raw: Raw


class Attributes(msgspec.Struct, frozen=True):
    """All of them."""

    table: tuple[Attribute, ...] = ()


class Report(msgspec.Struct, frozen=True):
    """What is read of a report of `smartctl --json`."""

    smart_status: Status = Status()
    nvme_smart_health_information_log: Worn = Worn()
    ata_smart_attributes: Attributes = Attributes()


def read(home: Path, clock: Clock) -> Mapping[str, float]:
    """disk_failing 1 or 0, disk_wear_percent, disk_bad_sectors: the worst of the disks that answer.

    Raises BadData where root has left reports and none of them is of the last two days.
    """
    files = sorted((home / REPORTS).glob("*.json"))
    reports = left_by_root([file for file in files if is_fresh(file, clock)]) or asked()
    if files and not reports:
        raise BadData("stale", f"no report in {home / REPORTS} is of the last two days: see cron", field="smart")
    return worst([told(each) for each in reports])


def is_fresh(file: Path, clock: Clock) -> bool:
    """Whether a report tells of the disk as it is; one from the future was written by a wrong clock."""
    return abs(clock.wall_ms() - file.stat().st_mtime_ns // 1_000_000) <= FRESH_MS


def left_by_root(files: list[Path]) -> list[Report]:
    """The reports that lie there, as `smartctl --json` wrote them."""
    return list(filter(None, (report(file.read_bytes()) for file in files[:MOST_DISKS])))


def asked() -> list[Report]:
    """The reports of the disks that smartctl finds."""
    scanned = child.said_json("smartctl", "--json", "--scan") or {}
    names = [disk["name"] for disk in scanned.get("devices", [])][:MOST_DISKS]
    told = (child.said("smartctl", "--json", "--health", "--attributes", name) for name in names)
    return list(filter(None, (report((each or "").encode()) for each in told)))


def report(text: bytes) -> Report | None:
    """One disk's report; None of one that was cut short or is of another form: the other disks still count."""
    try:
        return msgspec.json.decode(text, type=Report)
    except msgspec.DecodeError:
        return None


def worst(disks: list[dict[str, float]]) -> dict[str, float]:
    """The highest of each reading."""
    return {name: max(disk.get(name, 0.0) for disk in disks) for name in sorted({n for disk in disks for n in disk})}


def told(report: Report) -> dict[str, float]:
    """The readings of one disk's report; none of what it does not say."""
    found: dict[str, float] = {}
    if report.smart_status.passed is not None:
        found["disk_failing"] = float(not report.smart_status.passed)
    if (used := report.nvme_smart_health_information_log.percentage_used) is not None:
        found["disk_wear_percent"] = float(used)
    rows = {row.id: row for row in report.ata_smart_attributes.table}
    bad = [rows[each].raw.value for each in (REALLOCATED, PENDING) if each in rows]
    if bad:
        found["disk_bad_sectors"] = float(sum(bad))
    if worn := [rows[each].value for each in WORN_BY_VALUE if each in rows]:
        found["disk_wear_percent"] = float(100 - min(100, *worn))
    return found
