"""Whether the mains are there: by the battery of the machine, or by the UPS that NUT speaks with."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from agent.probes import child


def read() -> Mapping[str, float | str]:
    """on_battery 1 or 0, battery_percent, battery_left_s, and on_battery_percent while on battery; none without one."""
    return of_ups() or of_battery()


def of_battery() -> dict[str, float | str]:
    """By the machine's own battery."""
    import psutil

    battery = psutil.sensors_battery()
    if battery is None or battery.power_plugged is None:
        return {}
    left = float(battery.secsleft) if battery.secsleft > 0 else None
    return told(on_battery=not battery.power_plugged, percent=battery.percent, left_s=left)


def of_ups() -> dict[str, float | str]:
    """By the first UPS of NUT that is on line or on battery."""
    names = (child.said("upsc", "-l") or "").split()
    return of_ups_words(child.said("upsc", names[0]) or "", names[0]) if names else {}


def of_ups_words(text: str, name: str) -> dict[str, float | str]:
    """The readings in what `upsc` says; none where the UPS itself is not heard."""
    words = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
    status = words.get("ups.status", "").split()
    if not {"OL", "OB"} & set(status):
        return {}
    return told(
        on_battery="OB" in status,
        percent=number(words.get("battery.charge", "")),
        left_s=number(words.get("battery.runtime", "")),
        said=f"UPS {name}: {words['ups.status']}",
    )


def number(text: str) -> float | None:
    """A number as a UPS tells it; None for `n/a` and the like."""
    with suppress(ValueError):
        return float(text)
    return None


def told(*, on_battery: bool, percent: float | None, left_s: float | None, said: str = "") -> dict[str, float | str]:
    """As readings; what is not known is left out."""
    known = {
        "battery_percent": percent,
        "battery_left_s": left_s if on_battery else None,
        "on_battery_percent": percent if on_battery else None,
    }
    return {"on_battery": float(on_battery), "said": said, **{k: v for k, v in known.items() if v is not None}}
