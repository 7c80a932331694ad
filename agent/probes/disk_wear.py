"""What the disks say of their own health: by reports that root leaves, else by smartctl where it may ask them.

The agent's unit hides every disk from it, so on a hardened machine only the former is left; see docs/deployment.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from agent.probes import child

MOST_DISKS: Final = 4
REPORTS: Final = "run/smart"
REALLOCATED, PENDING = 5, 197
WORN_BY_VALUE: Final = (231, 233, 177, 202)  # SSD life left, counted down from 100 by different makers


def read(home: Path) -> Mapping[str, float]:
    """disk_failing 1 or 0, disk_wear_percent, disk_bad_sectors: the worst of the disks that answer."""
    reports = left_by_root(home / REPORTS) or asked()
    return worst([told(report) for report in reports if isinstance(report, dict)])


def left_by_root(folder: Path) -> list[Any]:
    """The reports that lie there, as `smartctl --json` wrote them."""
    return [msgspec.json.decode(file.read_bytes()) for file in sorted(folder.glob("*.json"))[:MOST_DISKS]]


def asked() -> list[Any]:
    """The reports of the disks that smartctl finds."""
    scanned = child.said_json("smartctl", "--json", "--scan") or {}
    names = [disk["name"] for disk in scanned.get("devices", [])][:MOST_DISKS]
    return [child.said_json("smartctl", "--json", "--health", "--attributes", name) for name in names]


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
