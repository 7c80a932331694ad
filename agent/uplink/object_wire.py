"""The office's way to object storage: its own connections, proxy, authority, interface and patience."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from agent import objects
from agent.errors import Unreachable
from agent.objects import Answered
from agent.uplink.answers import Failure, Traffic
from agent.uplink.https import Central
from agent.uplink.worker import clock_is_right

if TYPE_CHECKING:
    from agent.objects import Bucket, Given
    from agent.settings import KioskSettings
    from agent.uplink.courier import Courier
    from agent.uplink.tcp import Network


class ObjectWire:
    """An Exchange over the transport that central is reached by; `paid` hears what each exchange cost."""

    def __init__(self, transport: Central, paid: Callable[[Traffic], object]) -> None:
        self.transport = transport
        self.paid = paid

    def exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes, most: int) -> Answered:
        """One request and its answer; raises Unreachable `objects-down` where there was none."""
        length = {"Content-Length": str(len(body))} if method == "PUT" else {}
        reply = self.transport.call(method, target, body, {**headers, **length})
        self.paid(reply.traffic)
        if isinstance(reply, Failure):
            raise Unreachable("objects-down", f"object storage cannot be reached ({reply.evidence})")
        return Answered(reply.status, reply.body[:most], reply.date)


@contextmanager
def opened(courier: Courier, settings: KioskSettings, network: Network) -> Iterator[Bucket | Given]:
    """Object storage as the settings say, and its connection until the end; raises SettingsError for a bad key file."""
    clock, store = courier.store.clock, courier.store
    way = Central(settings.objects.server, network=network, clock=clock, clock_believed=lambda: clock_is_right(store))
    try:
        yield objects.opened(settings.objects, settings.home, ObjectWire(way, courier.load.paid).exchange, clock)
    finally:
        way.close()
