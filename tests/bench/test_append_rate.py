"""How fast a visit is committed, beside a bare append to a file on the same disk in the same minute.

The law of the product is about one transaction of our own code, a visit's row, its line and the chain: at
least half of the bare rate, and with a million lines in the ledger at most 1.3 times the time with a
thousand. A whole ticket (request id, queue day, number, estimated wait) is told beside it. Rounds are
interleaved, because a disk has its moods; where a flush costs next to nothing the processor is measured.
"""

from __future__ import annotations

import os
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from agent.actions.tickets import TicketRequest, insert_visit, take_ticket
from agent.store import ledger
from agent.store.models import bind
from agent.wire.kinds import TicketTaken
from agent.wire.line import chain_next
from tests.fakes import FakeClock
from tests.small_office import CODE, VILLAGE, small_office, small_store

ROUNDS, IN_A_ROUND = 41, 40
FEW, MANY = 1_000, 1_000_000
LINE = 250  # bytes of a ticket's line
AT_ONCE = 50_000


class Desk:
    """An office at work: some people waiting, and so many lines in its ledger."""

    def __init__(self, home: Path, lines: int) -> None:
        self.store = small_store(home, FakeClock())
        self.office = small_office(home)
        self.count = 0
        self.tickets(60)
        fill(self.store, lines)

    def wish(self) -> TicketRequest:
        self.count += 1
        return TicketRequest(service="ktp_first", village=VILLAGE, request_id=f"request {self.count}")

    def tickets(self, count: int) -> float:
        """Seconds for so many tickets, as the citizen's screen takes them."""
        self.serve_everyone()
        begun = perf_counter()
        for _ in range(count):
            take_ticket(self.store, self.office, self.wish(), os.urandom)
        return perf_counter() - begun

    def visits(self, count: int) -> float:
        """Seconds for so many transactions of a visit's row, its line and the chain."""
        self.serve_everyone()
        begun = perf_counter()
        for _ in range(count):
            wish = self.wish()
            taken = TicketTaken(1, f"Z-{self.count}", wish.service, CODE, wish.village)
            with self.store.write():
                name, n = ledger.append(self.store, taken)
                place = {"ledger": name, "n": n, "day": 1, "place": 1_000_000 + self.count}
                insert_visit(self.store, self.office, wish, os.urandom, **place)
        return perf_counter() - begun

    def serve_everyone(self) -> None:
        """Nobody waits from the round before."""
        bind(self.store.database)
        with self.store.write():
            self.store.run("UPDATE visit SET state = 'finished', called_t = taken_t, finished_t = taken_t + 240000")


def fill(store, until: int) -> None:
    """Lines up to number `until`, as the ledger would have written them."""
    last, chain = store.rows("SELECT n, chain FROM line WHERE stream = 1 ORDER BY n DESC LIMIT 1")[0]
    for first in range(last + 1, until + 1, AT_ONCE):
        with store.write():
            for n in range(first, min(until + 1, first + AT_ONCE)):
                body = b'{"n":%d,' % n + b"x" * (LINE - 20) + b"}"
                chain = chain_next(chain, body)
                store.run("INSERT INTO line (stream, n, t, chain, body) VALUES (1, ?, 0, ?, ?)", n, chain, body)


class Bare:
    """A file that is appended to, and synced each time."""

    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def appends(self, count: int) -> float:
        """Seconds for so many appends of a line."""
        begun = perf_counter()
        for _ in range(count):
            os.write(self.file, b"x" * LINE)
            os.fdatasync(self.file)
        return perf_counter() - begun


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path / "few", FEW)
    yield desk
    desk.store.close()


def rounds(*measures) -> list[list[float]]:
    """µs of each measure in each round, one column a measure."""
    return [[each(IN_A_ROUND) / IN_A_ROUND * 1e6 for each in measures] for _ in range(ROUNDS)]


def test_a_visit_and_its_line_are_committed_at_half_the_rate_of_a_bare_append_or_better(desk, tmp_path):
    measured = rounds(Bare(tmp_path / "bare").appends, desk.visits, desk.tickets)
    bare, visit, ticket = (median(column) for column in zip(*measured, strict=True))
    ratio, whole = (median(row[0] / row[at] for row in measured) for at in (1, 2))
    print(f"\nbare append {bare:.0f} µs; visit, line and chain {visit:.0f} µs: {ratio:.2f} of its rate;", end=" ")
    print(f"whole ticket {ticket:.0f} µs: {whole:.2f}")

    assert ratio >= 0.5


def test_a_million_lines_cost_at_most_three_tenths_more_than_a_thousand(desk, tmp_path):
    large = Desk(tmp_path / "many", MANY)
    measured = rounds(desk.visits, large.visits)
    large.store.close()
    few, many = (median(column) for column in zip(*measured, strict=True))
    ratio = median(with_many / with_few for with_few, with_many in measured)
    print(f"\nwith {FEW:,} lines {few:.0f} µs, with {MANY:,} {many:.0f} µs: {ratio:.2f} times the time")

    assert ratio <= 1.3
