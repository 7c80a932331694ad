"""A day of readings with a camera that was pulled, paper that runs out and a link that broke, for pictures."""

from __future__ import annotations

import math

import msgspec

from agent.actions import judging, kiosk_life, self_test
from agent.clock import SystemClock
from agent.domain.health import Round
from agent.office import load_office
from agent.store import link_log
from agent.store.database import Store
from agent.store.opening import open_store
from tests.fakes import MINUTE
from tests.kiosk_process import KioskProcess

STEP = 5  # minutes between rounds
GIGA = 1024**3


class EarlierClock(SystemClock):
    """The machine's clock, some time ago."""

    ago = 0

    def wall_ms(self) -> int:
        return super().wall_ms() - self.ago

    def boot_ms(self) -> int:
        return super().boot_ms() + 48 * 60 * MINUTE - self.ago


def readings(ago: int) -> dict[str, float]:
    """What the probes said so many minutes ago."""
    cut_off = 310 < ago < 360
    return {
        "cpu_percent": 22 + 14 * math.sin(ago / 90) + ago % 7,
        "memory_percent": 46.0 + ago % 5,
        "memory_available": 0.9 * GIGA,
        "disk_free": (21 + 0.001 * ago) * GIGA,
        "temperature_c": 54 + 6 * math.sin(ago / 120),
        "uptime_s": (2_880 - ago) * 60.0,
        "clock_off_s": 0.3,
        "interfaces_up": 0.0 if cut_off else 1.0,
        "link_state": 0.0 if cut_off else 10.0,
        "siak_reachable": 1.0,
        "printer_online": 1.0,
        "printer_paper_low": 1.0 if ago < 90 else 0.0,
        "camera_present": 0.0 if 540 <= ago < 580 or ago < 25 else 1.0,
        "fingerprint_present": 1.0,
        "iris_present": 1.0,
        "signature_present": 1.0,
        "database_sound": 1.0,
        "database_bytes": 11.4 * 1024**2,
        "oldest_unsent_s": 240.0,
        "backup_age_s": 7_200.0,
        "agent_rss_bytes": 31.0 * 1024**2,
        "kiosk_rss_bytes": 42.0 * 1024**2,
    }


def play(kiosk: KioskProcess) -> None:
    """The day, round by round."""
    clock = EarlierClock()
    store, office = open_store(kiosk.home, clock), load_office(kiosk.home / "kiosk.toml")
    for ago in range(24 * 60, 0, -STEP):
        clock.ago = ago * MINUTE
        found = readings(ago)
        with store.write():
            judging.take_in(store, office, Round(found, {"camera": "USB 04a9:3270"}))
            keep(store, found)
        note_link(store, found["link_state"])
    clock.ago = 0
    self_test.note(store, "fingerprint", ok=True, by=3)
    store.close()


def keep(store: Store, found: dict[str, float]) -> None:
    """A round's row, inside the caller's transaction."""
    store.run(
        "INSERT INTO reading (t, boot, m, round) VALUES (?, ?, ?, ?)",
        store.clock.wall_ms(), store.boot, store.clock.boot_ms(), msgspec.json.encode(found).decode(),
    )  # fmt: skip


def note_link(store: Store, state: float) -> None:
    """The link as the uplink would have noted it."""
    name, evidence = ("good", "") if state else ("no-interface", "enp1s0: no carrier")
    link_log.note(store, name, evidence)


def suspend(kiosk: KioskProcess) -> None:
    """The kiosk is under repair."""
    store = open_store(kiosk.home, SystemClock())
    kiosk_life.move(store, "suspend", "repair", by=3)
    store.close()
