"""How fast a ticket is committed, beside a bare append to a file on the same disk in the same minute.

The law of the product: at least half of the bare rate, and with a million lines in the ledger at most
1.3 times the time with a thousand. Rounds of both are interleaved, because a disk has its moods.
"""

from __future__ import annotations

import os
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from agent.actions.tickets import TicketRequest, take_ticket
from agent.office import Office
from agent.store.database import Store
from agent.store.models import bind
from agent.wire.line import chain_next
from tests.fakes import FakeClock
from tests.small_office import VILLAGE, small_office, small_store

ROUNDS, IN_A_ROUND = 31, 40
FEW, MANY = 1_000, 1_000_000
AT_ONCE = 50_000
LINE = 250  # bytes of a ticket's line


class Desk:
    """An office at work: some forty people waiting, and so many lines in its ledger."""

    def __init__(self, home: Path, lines: int) -> None:
        self.store: Store = small_store(home, FakeClock())
        self.office: Office = small_office(home)
        self.count = 0
        self.take(60)
        fill(self.store, lines)

    def take(self, count: int) -> float:
        """Seconds for so many tickets; those who wait from before are served first, outside the measure."""
        bind(self.store.database)
        with self.store.write():
            self.store.run("UPDATE visit SET state = 'finished', called_t = taken_t, finished_t = taken_t + 240000")
        begun = perf_counter()
        for _ in range(count):
            self.count += 1
            wish = TicketRequest(service="ktp_first", village=VILLAGE, request_id=f"request {self.count}")
            take_ticket(self.store, self.office, wish, os.urandom)
        return perf_counter() - begun


def fill(store: Store, until: int) -> None:
    """Lines up to number `until`, as the ledger would have written them."""
    last, chain = store.rows("SELECT n, chain FROM line WHERE stream = 1 ORDER BY n DESC LIMIT 1")[0]
    for first in range(last + 1, until + 1, AT_ONCE):
        with store.write():
            for n in range(first, min(until + 1, first + AT_ONCE)):
                body = b'{"n":%d,' % n + b"x" * (LINE - 20) + b"}"
                chain = chain_next(chain, body)
                store.run("INSERT INTO line (stream, n, t, chain, body) VALUES (1, ?, 0, ?, ?)", n, chain, body)


def bare(file: int, count: int) -> float:
    """Seconds for so many appends of a line, each synced."""
    begun = perf_counter()
    for _ in range(count):
        os.write(file, b"x" * LINE)
        os.fdatasync(file)
    return perf_counter() - begun


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path / "few", FEW)
    yield desk
    desk.store.close()


def test_a_ticket_is_committed_at_half_the_rate_of_a_bare_append_or_better(desk, tmp_path):
    file = os.open(tmp_path / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    pairs = [(desk.take(IN_A_ROUND), bare(file, IN_A_ROUND)) for _ in range(ROUNDS)]
    os.close(file)
    ours, theirs = (median(column) / IN_A_ROUND for column in zip(*pairs, strict=True))
    ratio = median(plain / ticket for ticket, plain in pairs)
    print(f"\nticket {ours * 1e6:.0f} µs, bare append {theirs * 1e6:.0f} µs: {ratio:.2f} of its rate")

    assert ratio >= 0.5


def test_a_million_lines_cost_a_ticket_at_most_three_tenths_more_than_a_thousand(desk, tmp_path):
    large = Desk(tmp_path / "many", MANY)
    pairs = [(desk.take(IN_A_ROUND), large.take(IN_A_ROUND)) for _ in range(ROUNDS)]
    large.store.close()
    few, many = (median(column) / IN_A_ROUND for column in zip(*pairs, strict=True))
    ratio = median(with_many / with_few for with_few, with_many in pairs)
    print(f"\nwith {FEW} lines {few * 1e6:.0f} µs, with {MANY} {many * 1e6:.0f} µs: {ratio:.2f} times the time")

    assert ratio <= 1.3
