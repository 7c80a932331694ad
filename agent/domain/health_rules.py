"""Which reading is a symptom of what, from which value on, and which symptom explains which: two tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, get_args

from agent.domain.health import Rule, Severity
from agent.domain.link import LinkState
from agent.settings_health import LimitSettings

MB: Final = 1024**2
LINK_STATES: Final[tuple[str, ...]] = get_args(LinkState)
LINK_WARNS: Final = frozenset({"slow", "clock-wrong"})
DEVICES: Final = ("camera", "fingerprint", "iris", "signature", "card-printer")
PRINTER: Final = "ticket-printer"
# How an SBI service stands, as its reading tells it.
SBI_STATES: Final = (
    "ready", "busy", "not-ready", "not-registered", "absent", "foreign", "error", "slow", "died", "unplugged",
)  # fmt: skip
SBI_CODES: Final[dict[str, tuple[str, Severity]]] = {
    "absent": ("sbi-absent", "down"),
    "foreign": ("sbi-foreign", "down"),
    "died": ("sbi-died", "down"),
    "error": ("sbi-error", "down"),
    "slow": ("sbi-slow", "down"),
    "not-registered": ("sbi-not-registered", "down"),
    "not-ready": ("device-not-ready", "down"),
    "unplugged": ("device-missing", "down"),
}
ADDRESS: Final = "address "

_LINK: Final = tuple(f"link-{state}" for state in LINK_STATES if state not in ("slow", "good", "clock-wrong"))
# Symptom → what explains it, the nearest first; a symptom that stands by itself is not here.
EXPLAINED_BY: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(_LINK, ("no-network",)),
    "upload-late": ("no-network", *_LINK),
    "clock-unknown": ("no-network", *_LINK),
    **dict.fromkeys(
        ("siak-unreachable", "address-unreachable"),  # the router is seldom on the UPS
        ("no-network", "link-no-interface", "link-no-address", "power-out"),
    ),
    "link-clock-wrong": ("clock-wrong", "clock-off"),
    "link-slow": ("sim-weak",),
    "no-network": ("sim-locked", "power-out"),
    "printer-offline": ("power-out",),
    "backup-old": ("disk-full",),
    "job-failing": ("disk-full", "database-fault"),
    "database-large": ("disk-full", "disk-low"),
}


def rules(limits: LimitSettings, addresses: Iterable[str] = ()) -> tuple[Rule, ...]:
    """Every symptom that may be seen; of one probe the worst stands first."""
    return (
        *machine_rules(limits),
        *network_rules(limits),
        *own_rules(limits),
        *printer_rules(limits),
        *(rule for device in DEVICES for rule in device_rules(device, limits)),
        *(
            Rule(f"{ADDRESS}{address}", "address-unreachable", "warn", reachable(address), high=0.5)
            for address in addresses
        ),
    )


def machine_rules(limits: LimitSettings) -> tuple[Rule, ...]:
    """The computer itself."""
    return (
        Rule("cpu", "cpu-busy", "warn", "cpu_percent", low=limits.cpu_percent, holds=10),
        Rule("memory", "memory-low", "warn", "memory_available", high=limits.memory_mb * MB, holds=3),
        Rule("disk", "disk-full", "down", "disk_free", high=limits.disk_full_mb * MB),
        Rule("disk", "disk-low", "warn", "disk_free", high=limits.disk_low_mb * MB),
        Rule("disk-wear", "disk-failing", "down", "disk_failing", low=0.5),
        Rule("disk-wear", "disk-worn", "warn", "disk_wear_percent", low=limits.disk_wear_percent),
        Rule("disk-wear", "disk-worn", "warn", "disk_bad_sectors", low=1),
        Rule("temperature", "too-hot", "warn", "temperature_c", low=limits.temperature_c, holds=3),
        Rule("uptime", "unclean-shutdowns", "warn", "unclean_shutdowns_week", low=limits.unclean_a_week, holds=0),
        Rule("power", "battery-low", "down", "on_battery_percent", high=limits.battery_percent),
        Rule("power", "power-out", "warn", "on_battery", low=0.5),
        Rule("clock", "clock-wrong", "down", "clock_off_s", low=86_400),
        Rule("clock", "clock-off", "warn", "clock_off_s", low=limits.clock_off.total_seconds()),
        Rule("clock", "clock-unknown", "warn", "clock_unknown_s", low=limits.clock_unknown.total_seconds()),
    )


def network_rules(limits: LimitSettings) -> tuple[Rule, ...]:
    """What leads out of the office. A link state is told by its place in `LINK_STATES`."""
    return (
        Rule("network", "no-network", "down", "interfaces_up", high=1),
        Rule("modem", "sim-locked", "down", "sim_locked", low=0.5),
        Rule("modem", "sim-weak", "warn", "sim_signal_percent", high=limits.sim_percent, holds=3),
        *(
            Rule("link", f"link-{state}", "warn" if state in LINK_WARNS else "down", "link_state", place, place + 1)
            for place, state in enumerate(LINK_STATES)
            if state != "good"
        ),
        Rule("siak", "siak-unreachable", "down", "siak_reachable", high=0.5),
    )


def own_rules(limits: LimitSettings) -> tuple[Rule, ...]:
    """Rekam's own parts."""
    unsent = limits.unsent.total_seconds()
    return (
        Rule("browser", "browser-silent", "down", "browser_silent_s", low=limits.browser_silent.total_seconds()),
        Rule("database", "database-fault", "down", "database_sound", high=0.5, holds=0),
        Rule("database", "database-large", "warn", "database_bytes", low=limits.database_mb * MB),
        Rule("ledger", "upload-late", "warn", "oldest_unsent_s", low=unsent),
        Rule("backup", "backup-old", "warn", "backup_age_s", low=limits.backup_age.total_seconds()),
        Rule("jobs", "job-failing", "warn", "failing_jobs", low=1, holds=20),
        Rule("stock", "stock-out", "warn", "stock_out_items", low=1, holds=0),
        Rule("stock", "stock-low", "warn", "stock_low_items", low=1, holds=0),
        Rule("processes", "process-heavy", "warn", "agent_rss_bytes", low=limits.process_mb * MB, holds=3),
        Rule("processes", "process-heavy", "warn", "kiosk_rss_bytes", low=limits.process_mb * MB, holds=3),
    )


def printer_rules(limits: LimitSettings) -> tuple[Rule, ...]:
    """The ticket printer: what it says of itself, then what became of the last ticket."""
    return (
        Rule(PRINTER, "printer-offline", "down", "printer_online", high=0.5),
        Rule(PRINTER, "printer-cover-open", "down", "printer_cover_open", low=0.5),
        Rule(PRINTER, "printer-paper-out", "down", "printer_paper_out", low=0.5),
        Rule(PRINTER, "printer-error", "down", "printer_error", low=0.5),
        Rule(PRINTER, "print-failing", "down", "printer_failed", low=0.5, holds=0),
        Rule(PRINTER, "printer-paper-low", "warn", "printer_paper_low", low=0.5),
        *tried(PRINTER, limits),
    )


def device_rules(device: str, limits: LimitSettings) -> tuple[Rule, ...]:
    """A device of the recording set."""
    name = reading_name(device)
    sbi = (
        Rule(device, code, severity, f"{name}_sbi", SBI_STATES.index(state), SBI_STATES.index(state) + 1)
        for state, (code, severity) in SBI_CODES.items()
    )
    return Rule(device, "device-missing", "down", f"{name}_present", high=0.5), *sbi, *tried(device, limits)


def tried(device: str, limits: LimitSettings) -> tuple[Rule, ...]:
    """A device that was long not used is asked to prove itself; never, where the limit is 0."""
    name, low = reading_name(device), limits.unused_days or float("inf")
    return (
        Rule(device, "self-test-failed", "down", f"{name}_test_failed", low=0.5, holds=0),
        Rule(device, "self-test-due", "warn", f"{name}_unused_days", low=low, holds=0),
    )


def reading_name(device: str) -> str:
    """`card-printer` → `card_printer`: as the device's readings begin."""
    return device.replace("-", "_")


def reachable(address: str) -> str:
    """The reading that says whether a configured address answers."""
    return f"reachable {address}"
