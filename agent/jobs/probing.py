"""Which probes this office has."""

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
    jobs,
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
from agent.probes.asking import Source, one
from agent.store.database import Store

HOUR_S: Final = 3600.0
STOCK_EVERY_S: Final = 300.0
USE_EVERY_S: Final = 300.0  # it looks through the visits; whoever tried a device waits no longer for its warning to go


def probes(store: Store, office: Office, port: Port) -> tuple[Source, ...]:
    """Everything that is looked at, the machine first."""
    return (
        *of_machine(store),
        one("disk-wear", lambda: disk_wear.read(store.home, store.clock), HOUR_S, quick=False),
        one("database", lambda: database.read_sound(store), database.CHECKED_EVERY_S, quick=False),
        one("stock", lambda: stock.read(store, office), STOCK_EVERY_S, quick=False),
        *of_addresses(office),
        *of_devices(store, office, port),
    )


def of_machine(store: Store) -> tuple[Source, ...]:
    """The computer and Rekam's own parts, in every round."""
    busy = cpu.Processor()
    return (
        one("cpu", busy.read),
        one("memory", memory.read),
        one("disk", lambda: disk.read(store.home)),
        one("temperature", temperature.read),
        one("uptime", lambda: uptime.read(store)),
        one("clock", lambda: clocks.read(store)),
        one("network", interfaces.read),
        one("link", lambda: link.read(store)),
        one("ledger", lambda: ledger.read(store)),
        one("database", lambda: database.read(store)),
        one("backup", lambda: backups.read(store)),
        one("jobs", lambda: jobs.read(store.home)),
        one("browser", lambda: browser.read(store, kiosk_pulse.found(store.home), runs_here=browser.SCREEN.exists())),
        one("processes", lambda: processes.read(store, kiosk_pulse.found(store.home))),
        one("power", power.read),
        one("modem", modem.read),
    )


def of_addresses(office: Office) -> tuple[Source, ...]:
    """SIAK, and what else the office named."""
    siak, others = office.settings.siak.address, office.settings.health.addresses
    return (
        *((one("siak", partial(tcp.read_siak, siak), quick=False),) if siak else ()),
        *(one(f"{ADDRESS}{each}", partial(tcp.read_address, each), quick=False) for each in others),
    )


def of_devices(store: Store, office: Office, port: Port) -> tuple[Source, ...]:
    """The ticket printer and the recording set, as far as they are set."""
    printer, devices = office.settings.printer, office.settings.devices
    plugged = {each: usb_id for each in DEVICES if (usb_id := getattr(devices, reading_name(each)))}
    services = tuple(dict.fromkeys(MODALITIES[each][0] for each in devices.sbi))
    known = tuple(dict.fromkeys((*plugged, *services, *((PRINTER,) if office.prints else ()))))
    return (
        *((one(PRINTER, lambda: ticket_printer.read(printer, port, store), quick=False),) if office.prints else ()),
        *((Source(tuple(plugged), lambda: usb.read(plugged)),) if plugged else ()),
        *((Source(services, sbi.Services(devices.sbi, store.clock).read, quick=False),) if services else ()),
        # Under a name of its own: where our own rows cannot be read, the devices were looked at all the same.
        *((Source(("use",), lambda: use.read(store, office, known), USE_EVERY_S, quick=False),) if known else ()),
    )
