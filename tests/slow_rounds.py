"""Slow probes asked at once and waited for, so that a test sees in a round what the world is like in that round."""

from __future__ import annotations

from agent.jobs.probing import slow_probes
from agent.printing.port import Port
from agent.probes.rounds import Asked


def at_once(store, office):
    """What `sample_health.run` takes for its slow probes; only those that this office set."""

    def ask(asked: Asked) -> None:
        for slow in slow_probes(store, office, Port()):
            if slow.feeds[0] in ("power", "modem", "disk-wear", "database"):
                continue
            for probe, found in (slow.read() or {}).items():
                asked.take(probe, found)

    return ask
