"""Rounds in which every probe is asked at once and waited for, so that a test sees what the world is like in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from agent.jobs import probing
from agent.printing.port import Port
from agent.probes.asking import Source, Turn, one
from agent.probes.rounds import Asked, Found, Look
from tests.fakes import FakeClock


def in_turn(sources: Iterable[Source]) -> Look:
    """Asks these, one after the other, in the test's own thread."""

    def look(asked: Asked) -> None:
        for turn in map(Turn, sources):
            turn.run(FakeClock())
            turn.tell(asked, 0)

    return look


def named(probes: Mapping[str, Callable[[], Found]]) -> Look:
    """Asks these by name."""
    return in_turn([one(name, read) for name, read in probes.items()])


def of_machine(store) -> Look:
    """Asks what every office has."""
    return in_turn(probing.of_machine(store))


def of_office(store, office) -> Look:
    """Asks what this office set, and of the rest only what is at hand."""
    slow = (probing.of_devices(store, office, Port()), probing.of_addresses(office))
    machine = [each for each in probing.of_machine(store) if each.feeds[0] not in ("power", "modem")]
    return in_turn([*machine, *(each for found in slow for each in found)])
