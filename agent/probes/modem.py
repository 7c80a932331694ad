"""The mobile modem and its SIM, where ModemManager runs one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.probes import child


def read() -> Mapping[str, float | str]:
    """sim_signal_percent, sim_locked 1 or 0, and the operator's name; none without a modem."""
    found = child.said_json("mmcli", "-m", "any", "--output-json")
    return told(found["modem"]) if isinstance(found, dict) and "modem" in found else {}


def told(modem: dict[str, Any]) -> dict[str, float | str]:
    """The readings in what `mmcli` says of a modem; `--` is its word for what it does not know."""
    general, network = modem.get("generic", {}), modem.get("3gpp", {})
    state, reason = general.get("state", ""), general.get("state-failed-reason", "")
    locked = state == "locked" or (state == "failed" and reason.startswith("sim"))
    words = [state, *(general.get("access-technologies") or ()), network.get("operator-name", "--")]
    found: dict[str, float | str] = {"sim_locked": float(locked), "said": " ".join(w for w in words if w != "--")}
    signal = general.get("signal-quality", {}).get("value", "")
    if signal.isdigit() and not locked:
        found["sim_signal_percent"] = float(signal)
    return found
