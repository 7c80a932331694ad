"""What is wrong with the link: what an attempt told, this machine's own network, and a small question."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from agent.domain.link import LOCAL, Local, is_portal, needs_probe, settled, where_to
from agent.domain.scrub import scrubbed
from agent.uplink.answers import Traffic
from agent.uplink.hearing import hear
from agent.uplink.tcp import Network, Patient, connect, resolve

if TYPE_CHECKING:
    from agent.clock import Clock
    from agent.domain.link import LinkState
    from agent.uplink.load import Load

PROBE_S: Final = 8.0  # for the connection and the answer together
PROBE: Final = "GET /rekam-probe HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"


class Probed(NamedTuple):
    """Who answers a plain question to central's name: whether a portal does, and what it said."""

    is_portal: bool
    said: str


class Diagnosis:
    """Explains failures of the link to `url`. `look` and `ask` are replaced in tests."""

    def __init__(self, look: Callable[[], Local], ask: Callable[[], Probed | None]) -> None:
        self.look = look
        self.ask = ask

    def explain(self, told: LinkState) -> tuple[LinkState, str]:
        """The state behind what an attempt told, and what was seen beside it for a technician.

        Asks over the net only where nothing else can tell.
        """
        local = self.look()
        probed = self.ask() if needs_probe(told, local) else None
        state = settled(told, local, portal=probed.is_portal if probed else None)
        return state, f"port 80 answers {probed.said}" if probed else seen(state, local)

    def is_usable(self) -> bool:
        """Whether this machine has an interface with an address: looks, sends nothing."""
        local = self.look()
        return bool(local.interfaces and local.addresses)


def seen(state: LinkState, local: Local) -> str:
    """What this machine's own network looks like, where the state is about it."""
    if state == "no-interface":
        return "no interface has a carrier"
    return f"{', '.join(local.interfaces)} with {', '.join(local.addresses) or 'no address'}" if state in LOCAL else ""


TRUSTING: Final = Diagnosis(lambda: Local(("any",), ("any",)), lambda: None)  # believes what an attempt told


def diagnosis(url: str, network: Network, clock: Clock, load: Load) -> Diagnosis:
    """The diagnosis of this machine's way to central; it asks only while the day has bytes, and pays."""
    host = urlsplit(url).hostname or ""

    def ask() -> Probed | None:
        return meets_portal(host, network, clock, load.paid) if load.allowed("heartbeat") else None

    return Diagnosis(lambda: look_around(network.interface), ask)


def look_around(interface: str) -> Local:
    """Interfaces with a carrier, and their addresses that reach beyond this machine and its wire."""
    import psutil

    up = {
        name
        for name, stats in psutil.net_if_stats().items()
        if stats.isup and "loopback" not in stats.flags and (not interface or name == interface)
        and ("running" in stats.flags or not stats.flags)
    }  # fmt: skip
    addresses = [
        found.address
        for name, all_found in psutil.net_if_addrs().items()
        for found in all_found
        if name in up and is_far_reaching(found.address)
    ]
    return Local(tuple(sorted(up)), tuple(sorted(addresses)))


def is_far_reaching(address: str) -> bool:
    """Whether a text is an IP address that is good for more than the wire it is on."""
    from ipaddress import ip_address

    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return not (found.is_link_local or found.is_loopback or found.is_unspecified)


def meets_portal(
    host: str,
    network: Network,
    clock: Clock,
    paid: Callable[[Traffic], object],
    *,
    port: int = 80,
    within_s: float = PROBE_S,
) -> Probed | None:
    """Whether a plain-HTTP question to central's name is answered by somebody in between.

    None when nobody answers within `within_s` seconds. Some 100 bytes, port 80, without proxy: a portal
    is met on the way. `paid` hears what it cost.
    """
    begun_ms = clock.boot_ms()
    try:
        raw = connect(resolve(host, port, network), network, clock, within_s)
    except OSError:
        return None
    left_s = within_s - (clock.boot_ms() - begun_ms) / 1000
    line = Patient(raw, clock, stall_s=within_s, answer_s=within_s, in_all_s=left_s)
    try:
        line.sendall(PROBE.format(host=host).encode("latin-1"))
        response = hear(line, "GET")
    except (OSError, http.client.HTTPException):
        return None
    finally:
        paid(Traffic(wire=line.info().wire))
        line.close(at_once=True)
    media = str(response.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
    where = str(response.headers.get("Location", ""))
    _, target = where_to(where)  # no more of it: portals write the guest's address into theirs
    said = " ".join(filter(None, (f"HTTP {response.status}", media, f"to {target}" if target else "")))
    return Probed(is_portal(response.status, where, media, host), scrubbed(said))
