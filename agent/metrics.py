"""What Prometheus may know of this office: families of samples, in its own units; nothing personal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from agent.actions import health
from agent.domain.health import STATES
from agent.domain.health_rules import LINK_STATES
from agent.job_log import job_states
from agent.status import link_now
from agent.store import ledger
from agent.store.database import Store
from agent.version import VERSION

# Reading → the metric that tells it in Prometheus' own units, what it is, and by what it is multiplied.
READINGS: Final[dict[str, tuple[str, str, float]]] = {
    "cpu_percent": ("rekam_cpu_busy_ratio", "How busy the processor is", 0.01),
    "memory_available": ("rekam_memory_available_bytes", "Memory that is left", 1),
    "disk_free": ("rekam_disk_free_bytes", "Room on the disk of the database", 1),
    "disk_wear_percent": ("rekam_disk_wear_ratio", "Used share of the writes that the disk was made for", 0.01),
    "temperature_c": ("rekam_temperature_celsius", "The hottest sensor", 1),
    "uptime_s": ("rekam_uptime_seconds", "Time since the machine was started", 1),
    "clock_off_s": ("rekam_clock_offset_seconds", "How far this clock is from central's", 1),
    "link_round_trip_s": ("rekam_link_round_trip_seconds", "Round trip to central, of real traffic", 1),
    "link_loss_percent": ("rekam_link_loss_ratio", "Share of segments sent again", 0.01),
    "link_goodput_kbit": ("rekam_link_goodput_bytes_per_second", "Rate of real traffic to central", 125),
    "sim_signal_percent": ("rekam_sim_signal_ratio", "Signal of the mobile modem", 0.01),
    "on_battery": ("rekam_on_battery", "1 while the mains are off", 1),
    "battery_percent": ("rekam_battery_charge_ratio", "Charge of battery or UPS", 0.01),
    "browser_silent_s": ("rekam_browser_silent_seconds", "Since the citizen's page was last heard", 1),
    "database_bytes": ("rekam_database_bytes", "Size of the database", 1),
    "wal_bytes": ("rekam_database_wal_bytes", "Size of its write-ahead log", 1),
    "backup_age_s": ("rekam_backup_age_seconds", "Age of the newest copy of the database", 1),
    "agent_uss_bytes": ("rekam_agent_memory_bytes", "Private memory of the agent", 1),
    "kiosk_uss_bytes": ("rekam_kiosk_memory_bytes", "Private memory of the pages' process", 1),
}


Values = dict[tuple[str, ...], float]


class Family(msgspec.Struct, frozen=True):
    """A metric: what it is, and a value for each combination of its labels. A name in `_total` counts up only."""

    name: str
    words: str
    values: Values
    labels: tuple[str, ...] = ()


def families(store: Store) -> Iterator[Family]:
    """Every metric of this office."""
    yield from of_ledger(store)
    yield from of_health(store)
    yield from of_readings(store)
    yield from of_jobs(store)
    yield Family("rekam_build_info", "The version of this program", {(VERSION,): 1.0}, ("version",))


def of_ledger(store: Store) -> Iterator[Family]:
    """What central does not hold yet, and the link to it."""
    states = ledger.states(store)
    oldest = min((each.oldest_unsent_t for each in states if each.oldest_unsent_t is not None), default=None)
    age = 0.0 if oldest is None else max(0, store.clock.wall_ms() - oldest) / 1000
    unsent: Values = {(each.name,): float(each.last - each.held) for each in states}
    yield Family("rekam_unsent_lines", "Lines that central does not hold yet", unsent, ("stream",))
    yield Family("rekam_oldest_unsent_seconds", "Age of the oldest line that central does not hold yet", {(): age})
    now = link_now(store)["state"]
    shown: Values = {(state,): float(state == now) for state in LINK_STATES}
    yield Family("rekam_link_state", "The state of the link to central: 1 for the one that is", shown, ("state",))


def of_health(store: Store) -> Iterator[Family]:
    """States, warnings that nothing explains, and how long outages lasted."""
    tracks, warnings = health.tracks(store), health.warnings(store)
    shown: Values = {(probe, state): float(state == track.state) for probe, track in tracks.items() for state in STATES}
    yield Family("rekam_probe_state", "The state of a probe: 1 for the one that is", shown, ("probe", "state"))
    counts: Values = {}
    ages: Values = {}
    for warning in warnings:
        counts[warning.code,] = counts.get((warning.code,), 0.0) + 1
        ages[warning.code,] = max(ages.get((warning.code,), 0.0), warning.for_s)
    yield Family("rekam_warning", "How many warnings of a code stand; none that another explains", counts, ("code",))
    yield Family("rekam_warning_age_seconds", "How long the oldest warning of a code has stood", ages, ("code",))
    over: Values = {(probe,): float(track.bad_s) for probe, track in tracks.items()}
    yield Family("rekam_outage_seconds_total", "How long the outages of a probe lasted that are over", over, ("probe",))


def of_readings(store: Store) -> Iterator[Family]:
    """The newest round, in Prometheus' own units."""
    newest = health.readings(store)
    if newest is None:
        return
    yield Family("rekam_last_reading_timestamp_seconds", "When the machine was last looked at", {(): newest.t / 1000})
    for reading, (name, words, factor) in READINGS.items():
        if reading in newest.values:
            yield Family(name, words, {(): newest.values[reading] * factor})


def of_jobs(store: Store) -> Iterator[Family]:
    """The agent's jobs; `job` itself is the label of what Prometheus scrapes, which would push ours aside."""
    jobs = job_states(store.home)
    last: Values = {(job.name,): job.last / 1000 for job in jobs}
    yield Family("rekam_job_last_run_timestamp_seconds", "When a job of the agent last ran", last, ("task",))
    failed: Values = {(job.name,): float(job.error is not None) for job in jobs}
    yield Family("rekam_job_failed", "1 where the last run of a job failed", failed, ("task",))
