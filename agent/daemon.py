"""The background process: opens the store, builds the jobs, waits on nudges and the clock."""

from __future__ import annotations

import functools
import os
import random
import select
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agent import identity, log_files, machine, nudge, one_heap, requests, systemd
from agent.actions import boots, training
from agent.clock import Clock, SystemClock
from agent.errors import SettingsError
from agent.guard import guarded
from agent.job_log import JobLog
from agent.jobs import back_up, close_day, prune, sample_health, sign_trips, upload, watch_handover
from agent.jobs.bundle import Bundler
from agent.jobs.carry import Porter
from agent.jobs.objects import ObjectJob
from agent.jobs.probing import probes
from agent.jobs.try_device import DeviceDesk
from agent.office import Office, check_real, load_office
from agent.printing.desk import PrintDesk
from agent.printing.job import print_rows
from agent.printing.port import Port
from agent.probes.asking import Probes
from agent.probes.rounds import Look
from agent.sending import unheld
from agent.settings import NetworkSettings
from agent.store import ledger
from agent.store.database import Store
from agent.store.opening import anchor_boot, open_store
from agent.timetable import Job, Outcome, Timetable
from agent.uplink.courier import Courier
from agent.uplink.diagnose import diagnosis
from agent.uplink.dialing import context
from agent.uplink.https import Central
from agent.uplink.purse import Purse
from agent.uplink.signing import Signer
from agent.uplink.tcp import Network
from agent.uplink.trust import Trust
from agent.uplink.worker import Uplink, clock_is_right, is_open
from agent.wire.kinds import ClockStepped

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

    from agent.folder import Box

SHORTEST_WAIT_S: Final = 0.02  # whatever the clocks do, the loop never spins
LONGEST_WAIT_S: Final = 10.0
DAY_S: Final = 86_400.0
HANDOVER_EVERY: Final = timedelta(minutes=10)
FAMILIES: Final = {"any": 0, "ipv4": 4, "ipv6": 6}


def run(config: Path, environ: Mapping[str, str] = os.environ) -> int:
    """The agent of the office whose settings are in `config`, until SIGTERM or SIGINT; 0."""
    one_heap.share()
    clock = SystemClock()
    office = load_office(config)
    check_real(office.settings)
    check_authority(config, office.settings.network.ca_file)
    log_files.keep(office.settings.home, "agent")
    identity.load_key(office.settings.home)  # before the database: a missing key stops the start, and changes nothing
    store = open_store(office.settings.home, clock, thorough=True)
    training.settle(store, office.settings)
    key = identity.settle(store, machine.read_mark(store.home), os.urandom)
    return work(store, office, key, clock, environ)


def check_authority(config: Path, ca_file: str) -> None:
    """Raises SettingsError for a `ca_file` with which no certificate could ever be trusted."""
    try:
        if ca_file:
            context({}, ca_file, dates=True)
    except ssl.SSLError as fault:
        raise SettingsError("settings", str(fault), file=str(config), field="network.ca_file") from fault


def work(store: Store, office: Office, key: OKPKey, clock: Clock, environ: Mapping[str, str]) -> int:
    """Do all that the agent does until it is told to stop, then close what is open; 0."""
    jobs = JobLog(store)
    uplink = build_uplink(store, office, key, clock, jobs)
    porter = Porter(store, uplink.courier, office.code)
    requests.give_up_unfinished(store)
    port = Port()
    desk = PrintDesk(store, office, lambda rows: port.printing(lambda: print_rows(office.settings.printer, rows)))
    devices = DeviceDesk(store, office)
    asked = Probes(probes(store, office, port), clock, store.database.close)
    timetable = build_timetable(store, office, uplink, clock, jobs, desk.ask, asked.look)
    stop, heard = systemd.stop_signal(), nudge.listen(store.home)
    anchor_boot(store)
    boots.note_start(store)
    timetable.start()
    uplink.start()
    desk.start()
    systemd.notify("READY=1", environ)
    one_heap.settle()
    try:
        wishes = functools.partial(answer_wishes, store, uplink, desk, porter, devices)
        return loop(timetable, wishes, store.was_replaced, stop, heard, environ)
    finally:
        desk.stop()
        uplink.stop()
        guarded("farewell", lambda: boots.note_end(store))
        store.close()


def loop(
    timetable: Timetable,
    answer: Callable[[], object],
    replaced: Callable[[], bool],
    stop: socket.socket,
    heard: socket.socket,
    environ: Mapping[str, str],
) -> int:
    """Run what is due, answer wishes, then rest until the next nudge, job or signal.

    0 after a signal, 1 when the database was replaced under it: whoever started it starts it again.
    """
    waiting = select.poll()
    for each in (stop, heard):
        waiting.register(each, select.POLLIN)
    while True:
        timetable.run_due()
        guarded("requests", answer)
        if replaced():
            return 1
        systemd.notify("WATCHDOG=1", environ)  # fed by a round that was finished, not by a thread beside it
        rest = min(max(timetable.idle_s(), SHORTEST_WAIT_S), LONGEST_WAIT_S)
        ready = {number for number, _ in waiting.poll(rest * 1000)}
        if stop.fileno() in ready:
            return 0
        nudge.drain(heard)


def build_uplink(store: Store, office: Office, key: OKPKey, clock: Clock, jobs: JobLog) -> Uplink:
    """The uplink with real sockets and real luck."""
    settings, upload = office.settings, office.settings.upload
    trust = Trust(settings.home, settings.central.root)
    network = network_of(settings.network)
    central = Central(settings.central.url, network=network, clock=clock, clock_believed=lambda: clock_is_right(store))
    purse = Purse(store, office.zone, upload.daily_bytes, upload.heartbeat)
    courier = Courier(store, Signer(store, key), trust, central, os.urandom, purse)
    eyes = diagnosis(settings.central.url, network, clock, courier.load)

    def told(error: str, rest_s: float) -> None:
        jobs.told(Outcome("send", error, rest_s or upload.every.total_seconds()))

    return Uplink(store, office, courier, clock, random.SystemRandom().random, eyes, told)


def network_of(settings: NetworkSettings) -> Network:
    """How the settings let this office reach the net."""
    return Network(settings.proxy, settings.ca_file, settings.interface, FAMILIES[settings.family])


def object_job(office: Office, courier: Courier) -> ObjectJob:
    """The job that carries by object storage; what that needs is imported by its first look."""

    def box() -> AbstractContextManager[Box]:
        from agent.uplink.object_wire import opened

        return opened(courier, office.settings, network_of(office.settings.network))

    return ObjectJob(courier, office.code, box, lambda: is_open(office, courier.store.clock))


def build_timetable(
    store: Store,
    office: Office,
    uplink: Uplink,
    clock: Clock,
    log_of_jobs: JobLog,
    print_soon: Callable[[], None],
    look: Look,
) -> Timetable:
    """All jobs of the agent; daily ones count from their last run, before this start too."""
    settings = office.settings
    jobs = [
        Job("upload", settings.upload.every, lambda: upload.run(uplink, office, clock)),
        Job("heartbeat", settings.upload.heartbeat, lambda: upload.run_heartbeat(uplink)),
        Job("sample_health", settings.health.every, lambda: sample_health.run(store, office, look), first_s=1),
        Job("close_day", timedelta(minutes=1), lambda: close_day.run(store, office), first_s=2),
        Job("watch_handover", HANDOVER_EVERY, lambda: watch_handover.run(store, office, print_soon), first_s=30),
        daily(store, "prune", timedelta(days=1), lambda: prune.run(store, office), first_s=120),
        daily(store, "back_up", settings.backup.every, lambda: back_up.run(store, office), first_s=60),
    ]
    if settings.objects.is_on:
        jobs.append(Job("objects", settings.objects.every, object_job(office, uplink.courier).run, first_s=30))
    return Timetable(
        jobs,
        clock,
        told=log_of_jobs.told,
        stepped=lambda before, after: note_step(store, before, after),
    )


def daily(store: Store, name: str, every: timedelta, work: Callable[[], object], first_s: float) -> Job:
    """A job whose interval is longer than many a machine is on: it is due when its last run is old."""
    found = store.rows("SELECT last_t FROM job WHERE name = ?", name)
    since = (store.clock.wall_ms() - found[0][0]) / 1000 if found and found[0][0] else DAY_S * 365
    left = every.total_seconds() - since if since >= 0 else 0.0
    return Job(name, every, work, first_s=max(first_s, left))


def note_step(store: Store, before: int, after: int) -> None:
    """The wall clock jumped: a line says from where to where, and how far the old one was behind central's."""
    behind = ledger.behind_central_ms(store)
    with store.write():
        ledger.append(store, ClockStepped(before, after, None if behind is None else behind + after - before))


def answer_wishes(store: Store, uplink: Uplink, desk: PrintDesk, porter: Porter, devices: DeviceDesk) -> None:
    """Do what kiosk and command line asked for; what is to be printed waits in the visits."""
    desk.ask()

    def send() -> str:
        uplink.ask(beat=not unheld(store), now=True)  # lines tell as much of the link, and are what is waited for
        return "asked"

    def sign() -> str:
        return sign_trips.run(store, desk.office, uplink.courier.signer.key)

    begun = {
        requests.TRY_PRINTER: desk.try_out,
        requests.TRY_DEVICE: devices.begin,
        requests.BUNDLE: Bundler(store, desk.office).begin,
    }
    answered = {requests.SEND: send, requests.FIND_STICKS: porter.found, requests.SIGN_TRIPS: sign}
    requests.fulfil(store, answered, porter.wishes() | begun)
