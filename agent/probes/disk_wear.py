"""What the disks say of their own health, where smartctl is there and may ask them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from agent.probes import child

MOST_DISKS: Final = 4
REALLOCATED, PENDING = 5, 197
WORN_BY_VALUE: Final = (231, 233, 177, 202)  # SSD life left, counted down from 100 by different makers


def read() -> Mapping[str, float]:
    """disk_failing 1 or 0, disk_wear_percent, disk_bad_sectors: the worst of the disks that answer."""
    scanned = child.said_json("smartctl", "--json", "--scan") or {}
    names = [disk["name"] for disk in scanned.get("devices", [])][:MOST_DISKS]
    reports = [child.said_json("smartctl", "--json", "--health", "--attributes", name) for name in names]
    return worst([told(report) for report in reports if isinstance(report, dict)])


def worst(disks: list[dict[str, float]]) -> dict[str, float]:
    """The highest of each reading."""
    return {name: max(disk.get(name, 0.0) for disk in disks) for name in sorted({n for disk in disks for n in disk})}


def told(report: dict[str, Any]) -> dict[str, float]:
    """The readings of one disk's report; none of what it does not say."""
    found: dict[str, float] = {}
    if "passed" in (status := report.get("smart_status", {})):
        found["disk_failing"] = float(not status["passed"])
    if "percentage_used" in (nvme := report.get("nvme_smart_health_information_log", {})):
        found["disk_wear_percent"] = float(nvme["percentage_used"])
    rows = {row["id"]: row for row in report.get("ata_smart_attributes", {}).get("table", [])}
    bad = [rows[each]["raw"]["value"] for each in (REALLOCATED, PENDING) if each in rows]
    if bad:
        found["disk_bad_sectors"] = float(sum(bad))
    if worn := [rows[each]["value"] for each in WORN_BY_VALUE if each in rows]:
        found["disk_wear_percent"] = float(100 - min(100, *worn))
    return found
