"""A health round delays no ticket: not by the probes that it waits for, and hardly by what it writes."""

from __future__ import annotations

import threading
from statistics import median
from time import perf_counter

import pytest

from agent.clock import SystemClock
from agent.jobs import probing, sample_health
from agent.probes.asking import Probes, one
from tests.patience import PATIENCE
from tests.small_office import small_office, small_store, take

ROUNDS = 5


class Office:
    """Tickets and rounds on one database by one process: its threads share one writer, so a wait would be seen."""

    def __init__(self, home) -> None:
        self.office = small_office(home)
        self.store = small_store(home, SystemClock())
        self.ended = threading.Event()
        self.taken = 0

    def rounds(self, *more, waits_s: tuple[float, float] = (0.1, 0.2)) -> Probes:
        """The machine's real probes, one that hangs, one that takes its time, and `more`."""
        hangs, slow = one("hangs", self.hang), one("slow", self.dawdle, quick=False)
        sources = (*more, *probing.of_machine(self.store), hangs, slow)
        return Probes(sources, self.store.clock, self.store.database.close, waits_s)

    def dawdle(self) -> dict[str, float]:
        return {"slow": float(self.ended.wait(0.3))}

    def hang(self) -> None:
        self.ended.wait()

    def look(self, probes: Probes) -> None:
        sample_health.run(self.store, self.office, probes.look)

    def ticket(self) -> float:
        """Take one; seconds until it is given."""
        self.taken += 1
        began = perf_counter()
        take(self.store, self.office, f"r-{self.taken}")
        return perf_counter() - began

    def close(self) -> None:
        self.ended.set()
        self.store.close()


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path)
    yield office
    office.close()


def beside(work) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_while_a_round_waits_for_a_probe_tickets_are_given(office):
    asked = threading.Event()
    probes = office.rounds(one("tells", lambda: asked.set() or {"x": 1.0}), waits_s=(PATIENCE, PATIENCE))
    running = beside(lambda: office.look(probes))
    assert asked.wait(PATIENCE)
    for _ in range(3):
        office.ticket()
    still = running.is_alive()
    office.ended.set()
    running.join(PATIENCE)

    assert still
    assert office.store.rows("SELECT count(*) FROM reading") == [(1,)]


def test_no_probe_is_asked_inside_a_transaction(office):
    def free() -> dict[str, float]:
        office.ticket()  # would raise `nested-write`, or wait for itself
        return {"alone": float(office.store._lock.locked())}

    office.look(Probes([one("ticket", free)], office.store.clock, waits_s=(PATIENCE, PATIENCE)))

    assert office.store.rows("SELECT round FROM reading")[0][0] == '{"alone":0}'


def are_undelayed(office) -> bool:
    """Whether tickets beside rounds took as long as without; in turn, so that what else the machine does hits both."""
    alone, beside_rounds = [], []
    for _ in range(ROUNDS):
        alone += [office.ticket() for _ in range(20)]
        running = beside(lambda: office.look(office.rounds()))
        while running.is_alive():
            beside_rounds.append(office.ticket())
    late = sum(each > 3 * max(alone) for each in beside_rounds)
    return median(beside_rounds) <= 3 * median(alone) and late <= len(beside_rounds) / 20


def test_tickets_beside_rounds_take_as_long_as_without(office):
    """Each round waits for a new hang. Something else that only one of both met is not met eight times."""
    assert any(are_undelayed(office) for _ in range(8))
    assert office.store.rows("SELECT count(*) % ? FROM reading", ROUNDS) == [(0,)]
