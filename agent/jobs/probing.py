"""Which probes this office has: the quick ones of each round, and those that take their time."""

from __future__ import annotations

from functools import partial
from typing import Final

from agent import kiosk_pulse
from agent.domain.health_rules import ADDRESS, DEVICES, PRINTER, reading_name
from agent.domain.sbi import MODALITIES
from agent.office import Office
from agent.printing.port import Port
from agent.probes import (
    backups,
    browser,
    clocks,
    cpu,
    database,
    disk,
    disk_wear,
    interfaces,
    ledger,
    link,
    memory,
    modem,
    power,
    processes,
    sbi,
    stock,
    tcp,
    temperature,
    ticket_printer,
    uptime,
    usb,
    use,
)
from agent.probes.rounds import Probe
from agent.probes.slow import Slow, one
from agent.store.database import Store

HOUR_S: Final = 3600.0
STOCK_EVERY_S: Final = 300.0
USE_EVERY_S: Final = 300.0  # it looks through the visits; whoever tried a device waits no longer for its warning to go


def probes(store: Store) -> dict[str, Probe]:
    """What is looked at in every round, by name: nothing here waits for anybody."""
    pulse = kiosk_pulse.found(store.home)
    return {
        "cpu": cpu.read,
        "memory": memory.read,
        "disk": lambda: disk.read(store.home),
        "temperature": temperature.read,
        "uptime": lambda: uptime.read(store),
        "clock": lambda: clocks.read(store),
        "network": interfaces.read,
        "link": lambda: link.read(store),
        "ledger": lambda: ledger.read(store),
        "database": lambda: database.read(store),
        "backup": lambda: backups.read(store.home, store.clock),
        "browser": lambda: browser.read(store, pulse),
        "processes": lambda: processes.read(store, pulse),
    }


def slow_probes(store: Store, office: Office, port: Port) -> tuple[Slow, ...]:
    """What asks disks, devices and addresses; each is asked once a round, or more seldom."""
    every = office.settings.health.every.total_seconds()
    return (
        one("power", power.read, every),
        one("modem", modem.read, every),
        one("disk-wear", lambda: disk_wear.read(store.home, store.clock), HOUR_S),
        one("database", lambda: database.read_sound(store), database.CHECKED_EVERY_S),
        one("stock", lambda: stock.read(store, office), STOCK_EVERY_S),
        *of_addresses(office, every),
        *of_devices(store, office, port, every),
    )


def of_addresses(office: Office, every: float) -> tuple[Slow, ...]:
    """SIAK, and what else the office named."""
    siak, others = office.settings.siak.address, office.settings.health.addresses
    return (
        *((one("siak", partial(tcp.read_siak, siak), every),) if siak else ()),
        *(one(f"{ADDRESS}{each}", partial(tcp.read_address, each), every) for each in others),
    )


def of_devices(store: Store, office: Office, port: Port, every: float) -> tuple[Slow, ...]:
    """The ticket printer and the recording set, as far as they are set."""
    printer, devices = office.settings.printer, office.settings.devices
    plugged = {each: usb_id for each in DEVICES if (usb_id := getattr(devices, reading_name(each)))}
    services = tuple(dict.fromkeys(MODALITIES[each][0] for each in devices.sbi))
    known = tuple(dict.fromkeys((*plugged, *services, *((PRINTER,) if office.prints else ()))))
    return (
        *((one(PRINTER, lambda: ticket_printer.read(printer, port, store), every),) if office.prints else ()),
        *((Slow(tuple(plugged), lambda: usb.read(plugged), every),) if plugged else ()),
        *((Slow(services, sbi.Services(devices.sbi, store.clock).read, every),) if services else ()),
        *((Slow(known, lambda: use.read(store, office, known), USE_EVERY_S),) if known else ()),
    )
