"""A ticket is a promise: one request is one number, written with its line or not at all."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agent import vault
from agent.actions import visits
from agent.actions.day import close_day
from agent.actions.tickets import CODE_LETTERS, TicketRequest, find_by_code, take_ticket
from agent.errors import BadData, Conflict, NotFound
from agent.store import forks
from tests.fakes import DAY, FakeClock
from tests.ledger_lines import bodies, is_whole, said
from tests.patience import PATIENCE
from tests.small_office import VILLAGE, sealing_office, small_office, small_store, take
from tests.together import together

REPO = Path(__file__).parents[2]
NIK, OTHER_NIK = "6402055708990003", "6402055501990001"


@pytest.fixture
def store(tmp_path, clock):
    store = small_store(tmp_path, clock)
    yield store
    store.close()
    shutil.rmtree(vault.ram_folder(tmp_path) or tmp_path / "none", ignore_errors=True)


def count(store, table: str) -> int:
    return store.rows(f"SELECT count(*) FROM {table}")[0][0]


def test_a_number_is_a_row_and_a_line(store, office) -> None:
    ticket = take(store, office, "one", village="outside", priority=True)

    assert (ticket.ticket, ticket.queue_day, ticket.ahead, ticket.print, ticket.again) == ("A-001", 1, 0, "none", False)
    assert said(store, "ticket.taken") == [
        {
            "day": 1, "ticket": "A-001", "service": "ktp_first", "office": "64.02.05",
            "village": "outside", "priority": True,
        }
    ]  # fmt: skip


def test_a_visit_is_named_by_its_line(store, office) -> None:
    ticket = take(store, office, "one")
    n = len(bodies(store))

    assert ticket.visit == store.rows("SELECT substr(name, -8) FROM ledger")[0][0] + f".{n}"
    assert visits.find(store, ticket.visit).ticket == "A-001"


def test_a_double_tap_from_twenty_threads_is_one_ticket(store, office) -> None:
    tickets = together(20, lambda _: take(store, office, "one tap"))

    assert len({(ticket.visit, ticket.ticket, ticket.code) for ticket in tickets}) == 1
    assert [ticket.again for ticket in tickets].count(False) == 1
    assert (count(store, "visit"), len(said(store, "ticket.taken"))) == (1, 1)


def test_twenty_people_at_once_get_twenty_numbers_without_a_gap(store, office) -> None:
    tickets = together(20, lambda number: take(store, office, f"person {number}"))

    assert sorted(ticket.ticket for ticket in tickets) == [f"A-{place:03d}" for place in range(1, 21)]
    assert is_whole(store)


def test_the_same_request_after_a_restart_is_the_same_ticket(tmp_path, clock, office) -> None:
    before = small_store(tmp_path, clock)
    first = take(before, office, "one")
    before.close()
    clock.reboot("second")
    after = small_store(tmp_path, clock)
    again = take(after, office, "one")
    after.close()

    assert (again.visit, again.ticket, again.code, again.again) == (first.visit, first.ticket, first.code, True)


def test_the_same_request_in_a_new_ledger_is_the_same_ticket(store, office) -> None:
    first = take(store, office, "one")
    with store.write():
        forks.fork(store, forks.DAMAGED, bytes)

    assert take(store, office, "one").visit == first.visit
    assert count(store, "visit") == 1


def test_the_same_request_after_the_day_was_closed_opens_no_day(store, office) -> None:
    first = take(store, office, "one")
    close_day(store, by=1)

    assert take(store, office, "one").visit == first.visit
    assert count(store, "queue_day") == 1


@pytest.mark.parametrize("nik", [None, OTHER_NIK])
def test_a_nik_is_no_part_of_the_comparison(store, tmp_path, nik) -> None:
    office, _ = sealing_office(tmp_path)
    first = take(store, office, "one", nik=NIK)

    assert take(store, office, "one", nik=nik).visit == first.visit
    assert count(store, "subject") == 1


@pytest.mark.parametrize("other", [{"service": "kk"}, {"village": "outside"}, {"priority": True}])
def test_a_request_id_for_another_request_is_refused(store, office, other) -> None:
    take(store, office, "one")
    with pytest.raises(Conflict) as caught:
        take(store, office, "one", **other)

    assert (caught.value.code, caught.value.field, caught.value.http_status) == (
        "request-id-reused", "request_id", 409)  # fmt: skip
    assert count(store, "visit") == 1


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("service", "pasar", "unknown-service"),
        ("service", "", "unknown-service"),
        ("village", "64.02.05.9999", "unknown-village"),
        ("village", "64.02.06.2001", "unknown-village"),
        ("village", "", "unknown-village"),
        ("nik", "123", "nik-format"),
    ],
)
def test_what_cannot_be_used_is_named_and_leaves_nothing(store, office, field, value, code) -> None:
    with pytest.raises(BadData) as caught:
        take(store, office, "one", **{field: value})

    assert (caught.value.code, caught.value.field) == (code, field)
    assert (count(store, "visit"), count(store, "queue_day"), bodies(store)) == (0, 0, [])


def test_each_series_counts_for_itself(store, office) -> None:
    given = [take(store, office, name, service=name).ticket for name in ("ktp_first", "kk", "ktp_early", "ask", "move")]

    assert given == ["A-001", "B-001", "A-002", "D-001", "B-002"]


def test_a_new_day_begins_every_series_at_one(store, office, clock) -> None:
    take(store, office, "one")
    clock.forward(DAY)
    ticket = take(store, office, "two")

    assert (ticket.ticket, ticket.queue_day) == ("A-001", 2)


def test_only_people_of_the_same_line_are_ahead(store, office) -> None:
    given = [("a", "ktp_first"), ("b", "kk"), ("c", "ktp_early"), ("d", "change"), ("e", "ktp_first")]

    assert [take(store, office, name, service=service).ahead for name, service in given] == [0, 0, 1, 1, 2]


def test_who_was_called_is_no_longer_ahead(store, office) -> None:
    for name in "abc":
        take(store, office, name)
    visits.call_next(store, counter=1)

    assert take(store, office, "d").ahead == 2


def test_a_short_code_finds_its_ticket_however_it_is_typed(store, office) -> None:
    first, second = take(store, office, "one"), take(store, office, "two")

    assert find_by_code(f" {first.code.upper()} ").name == first.visit
    assert find_by_code(second.code).name == second.visit


def test_an_unknown_code_is_told(store) -> None:
    with pytest.raises(NotFound, match="unknown-code"):
        find_by_code("nnnnnnnnn")


def test_a_short_code_has_more_than_forty_bits_and_says_nothing(store, office) -> None:
    codes = {take(store, office, f"person {number}").code for number in range(50)}

    assert len(codes) == 50
    assert {len(code) for code in codes} == {9}
    assert set("".join(codes)) <= set(CODE_LETTERS)
    assert len(set(CODE_LETTERS)) ** 9 > 2**40


KILLED = """
import os, sys
from pathlib import Path
from agent.actions.tickets import TicketRequest, take_ticket
from tests.fakes import FakeClock
from tests.small_office import VILLAGE, small_office, small_store

home, moment = Path(sys.argv[1]), sys.argv[2]
store, office = small_store(home, FakeClock()), small_office(home)

def die(*_):
    assert store.rows("SELECT count(*) FROM line")[0][0] > int(sys.argv[3])
    os._exit(9)

if moment == "after":
    store.after_commit = die
draw = die if moment == "middle" else os.urandom
take_ticket(store, office, TicketRequest(service="ktp_first", village=VILLAGE, request_id="two"), draw)
"""


def killed(home: Path, clock: FakeClock, moment: str):
    """The office after a process that took a second ticket was killed at `moment`."""
    store = small_store(home, clock)
    take(store, small_office(home), "one")
    before = len(bodies(store))
    store.close()
    command = [sys.executable, "-c", KILLED, str(home), moment, str(before)]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 9, done.stderr
    return small_store(home, clock), before


def test_a_kill_in_the_middle_leaves_neither_row_nor_line(tmp_path, clock) -> None:
    store, before = killed(tmp_path, clock, "middle")

    assert (count(store, "visit"), len(bodies(store))) == (1, before)
    assert take(store, small_office(tmp_path), "two").ticket == "A-002"
    store.close()


def test_a_kill_after_the_commit_leaves_both_and_no_fork(tmp_path, clock) -> None:
    store, before = killed(tmp_path, clock, "after")

    assert (count(store, "visit"), len(bodies(store)), count(store, "ledger")) == (2, before + 1, 1)
    assert take(store, small_office(tmp_path), "two").again
    store.close()


def test_a_ticket_that_fails_leaves_neither_row_nor_line(store, office) -> None:
    take(store, office, "one")
    before = bodies(store)
    wish = TicketRequest(service="ktp_first", village=VILLAGE, request_id="two")
    with pytest.raises(ZeroDivisionError):
        take_ticket(store, office, wish, lambda _: 1 // 0)

    assert (count(store, "visit"), bodies(store)) == (1, before)
