"""A reading's history in as many points as a picture or a table has room for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from agent.actions import health
from agent.actions.health import Point
from agent.clock import HOUR_MS
from agent.office import Office
from agent.store.database import Store

RANGES_MS: Final = {"24j": 24 * HOUR_MS, "7h": 7 * 24 * HOUR_MS, "90h": 90 * 24 * HOUR_MS}
PLOTTED: Final = 480
IN_TABLE: Final = 24
# What a technician wants to see of a probe, where that is more or other than what its rules look at.
MORE: Final = {
    "cpu": ("cpu_percent", "load1"),
    "memory": ("memory_percent", "memory_available"),
    "disk": ("disk_free",),
    "uptime": ("uptime_s", "unclean_shutdowns_week"),
    "clock": ("clock_off_s", "clock_ntp", "clock_unknown_s"),
    "link": ("link_round_trip_s", "link_goodput_kbit", "link_loss_percent"),
    "processes": ("agent_rss_bytes", "kiosk_rss_bytes"),
    "ledger": ("unsent_lines", "oldest_unsent_s"),
}
NUMBERS_OF_STATES: Final = ("link_state", "_sbi")  # a place in a list: nothing to be drawn or read
FAR_APART: Final = 3  # steps of a curve between two points: nothing was measured there


def readings_of(office: Office, probe: str) -> tuple[str, ...]:
    """The readings that tell of a probe, each once."""
    looked_at = (rule.reading for rule in health.rules(office) if rule.probe == probe)
    wanted = MORE.get(probe, tuple(looked_at))
    return tuple(dict.fromkeys(name for name in wanted if is_measure(name)))


def is_measure(name: str) -> bool:
    """Whether a reading's number says something by itself."""
    return not name.endswith(NUMBERS_OF_STATES)


def curve(store: Store, name: str, span_ms: int, most: int) -> list[Point]:
    """A reading of the last `span_ms`, oldest first, in at most `most` points."""
    until = store.clock.wall_ms()
    return thinned(health.history(store, name, until - span_ms), until - span_ms, span_ms, most)


def thinned(points: Iterable[Point], since: int, span_ms: int, most: int) -> list[Point]:
    """Points put together by equal stretches of time; the lowest and the highest of each stretch stay."""
    steps: dict[int, list[Point]] = {}
    for point in points:
        steps.setdefault((point.t - since) * most // span_ms, []).append(point)
    return [together(steps[number]) for number in sorted(steps) if 0 <= number < most]


def stretches(points: Iterable[Point], span_ms: int, most: int) -> list[list[Point]]:
    """The points that were measured one after the other; a machine that was off begins a new stretch."""
    found: list[list[Point]] = []
    for point in points:
        if not found or point.t - found[-1][-1].t > FAR_APART * span_ms / most:
            found.append([])
        found[-1].append(point)
    return found


def together(points: Sequence[Point]) -> Point:
    """One point for several."""
    mean = sum(point.mean for point in points) / len(points)
    low, high = min(point.low for point in points), max(point.high for point in points)
    return Point(points[0].t, low, min(max(mean, low), high), high)


def is_known(office: Office, probe: str) -> bool:
    """Whether there is such a probe in this office's rules."""
    return probe == health.AGENT or any(rule.probe == probe for rule in health.rules(office))
