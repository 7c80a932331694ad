"""What central refused is kept and told, and leaves the list when central takes it after all."""

from __future__ import annotations

import pytest

from agent.actions import refused
from agent.store import ledger
from agent.wire.line import read_line
from tests.wired_office import wired

office = pytest.fixture(wired)


def refuse_tickets(office, code: str = "unknown-village") -> None:
    office.central.refuse = lambda line: code if read_line(line).k == "ticket.taken" else ""


def test_a_refused_line_is_told_with_its_ticket_and_village(office) -> None:
    refuse_tickets(office)
    office.ticket(nik=False)
    office.courier.send_next()
    (line,) = refused.refused_lines(office.store)

    assert (line.code, line.kind, line.ticket, line.village) == (
        "unknown-village", "ticket.taken", "A-001", "64.02.05.2001",
    )  # fmt: skip


def test_a_refused_line_is_counted_and_holds_nothing_up(office) -> None:
    refuse_tickets(office)
    office.ticket(nik=False)
    office.courier.send_next()
    office.ticket(nik=False)
    office.courier.send_next()

    assert refused.counted(office.store) == 2
    assert ledger.state(office.store, "enrollments").held == ledger.state(office.store, "enrollments").last


def test_a_line_that_central_takes_after_all_leaves_the_list_by_a_heartbeat(office) -> None:
    refuse_tickets(office)
    office.ticket(nik=False)
    office.courier.send_next()
    office.central.refuse = lambda line: ""
    for stream in office.central.streams.values():
        stream.refused.clear()
    office.courier.heartbeat("good")

    assert (refused.refused_lines(office.store), refused.counted(office.store)) == ([], 0)


def test_a_line_that_nobody_can_read_is_told_by_number_alone(office) -> None:
    office.ticket(nik=False)
    with office.store.write():
        office.store.run("INSERT INTO refused VALUES (1, 1, 'not-json', ?)", b"\xff{")
    (line,) = refused.refused_lines(office.store)

    assert (line.n, line.kind, line.t, line.ticket) == (1, "", None, "")


def test_a_line_whose_data_is_no_object_is_told_without_it(office) -> None:
    with office.store.write():
        office.store.run(
            "INSERT INTO refused VALUES (1, 9, 'wrong-type', ?)", b'{"n":9,"t":5,"b":1,"m":1,"k":"x","d":3}'
        )
    (line,) = refused.refused_lines(office.store)

    assert (line.kind, line.t, line.ticket) == ("x", 5, "")
