"""Every number of a report is counted again from the list that it opens, for any log."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain import period, visits
from agent.domain.coverage import Fault, Figure
from agent.domain.report_books import BOOKS, Count, Failure, Mark, Outage, Pieces, chosen, total
from agent.domain.report_cells import Beside, Goal, Label
from agent.domain.report_lines import of_line
from agent.domain.report_sections import sections
from agent.domain.surge import REASONS
from tests.unit.test_report import row

DAYS = ("2024-11-26", "2024-11-27", "2024-12-01")
SERVICES = ("ktp_first", "kk", "ikd")
some = st.sampled_from


class Entered(msgspec.Struct):
    """A figure as the office keeps it."""

    number: int
    figure: Figure
    faults: tuple[Fault, ...]


class Trip(msgspec.Struct):
    """What another device of the office did, as far as it is counted."""

    village: str
    purpose: str
    people: int


def entered(number: int, count: int, faults: tuple[Fault, ...]) -> Entered:
    day = date(2024, 11, 20)
    return Entered(number, Figure(measure="ikd", count=count, base="wajib", snapshot=day, said_on=day), faults)


LOGS = st.fixed_dictionaries(
    {
        "visits": st.lists(
            st.builds(
                row,
                service=some(SERVICES),
                village=some(["outside", "64.02.05.2001"]),
                day=some(DAYS),
                hour=st.integers(0, 23),
                state=some(visits.STATES),
                outcome=some([None, *visits.OUTCOMES]),
                reason=some(["", "a word of later", *REASONS]),
                repeated=st.booleans(),
                line=some(["recording", "updating", ""]),
                calls=st.integers(0, 2),
                first_call_t=st.none() | st.integers(0, 10**9),
                finished_t=st.none() | st.integers(0, 10**9),
            ),
            max_size=20,
        ),
        "outages": st.lists(
            st.builds(Outage, some(["siak", "power"]), st.just(()), some(DAYS), st.just(0), st.none(), st.integers(0)),
            max_size=6,
        ),
        "machine": st.lists(
            st.builds(Failure, some(["a link", "b printer"]), some(DAYS), st.just(0), st.none(), st.integers(0, 900)),
            max_size=6,
        ),
        "stock": st.lists(
            st.builds(
                Pieces, some(["blanks", "film"]), some(["received", "used", "spoiled", "counted"]),
                st.integers(-9, 9), some(DAYS), st.just(0),
            ),
            max_size=9,
        ),
        "ratings": st.lists(
            st.builds(Mark, some(DAYS), some(SERVICES), some(["number", "service"]), st.integers(1, 4)), max_size=9
        ),
        "trips": st.lists(
            st.builds(Trip, some(["64.02.05.2001", "64.02.05.2002"]), some(["school", "village"]), st.integers(0, 99)),
            max_size=5,
        ),
        "coverage": st.lists(
            st.builds(entered, st.integers(1, 99), st.integers(0, 10**6), some([(), (Fault("left", "1", "2"),)])),
            max_size=5,
            unique_by=lambda each: each.number,
        ),
    }
)  # fmt: skip


def tables(facts, of="2024-11"):
    goals = [Goal(each, None, None, None) for each in facts["coverage"]]
    return sections(facts, period.read(of), Beside(SERVICES, {"blanks": 1, "film": None}, goals))


def recounted(count: Count, facts) -> int:
    rows = chosen(count.book, facts[count.book], count.where)
    return total(count.book, rows) if count.summed else len(rows)


def counts(table) -> list[Count]:
    return [cell for line in (*table.rows, table.foot) for cell in line if isinstance(cell, Count)]


@given(LOGS, some(["2024", "2024-11", "2024-11-27"]))
def test_every_number_is_what_the_list_adds_up_to_that_it_opens(facts, of):
    for table in tables(facts, of):
        for count in counts(table):
            assert recounted(count, facts) == count.number, (table.name, count)


@given(LOGS, some(["recording", "updating"]))
def test_every_number_of_one_line_of_work_opens_a_list_of_that_line(facts, line):
    told = of_line(facts, line, period.read("2024-11"), Beside(SERVICES))

    assert all(count.where["line"] == line for table in told for count in counts(table))
    assert all(recounted(count, facts) == count.number for table in told for count in counts(table))


@given(LOGS)
def test_every_visit_is_in_each_table_of_visits(facts):
    by_name = {table.name: table for table in tables(facts)}

    for name in ("groups", "services", "villages"):
        assert sum(line[1].number for line in by_name[name].rows) == len(facts["visits"])


@given(LOGS)
def test_every_row_of_a_table_has_a_cell_for_each_column(facts):
    for table in tables(facts):
        for line in (*table.rows, table.foot):
            assert len(line) in (0, len(table.columns)), table.name
            assert not line or isinstance(line[0], Label)


def test_who_came_again_is_counted_by_service_and_reason_with_its_share():
    ended = [row(service="kk", repeated=n == 0, reason="moved") for n in range(4)]
    [table] = [table for table in tables(dict.fromkeys(BOOKS, ()) | {"visits": ended}) if table.name == "repeats"]

    [[service, all_of_it, moved, *_, share]] = table.rows
    assert (service.name, all_of_it.number, moved.number, share.number) == ("kk", 1, 1, 25.0)


@pytest.mark.parametrize("book", BOOKS)
@given(facts=LOGS)
def test_a_list_without_a_condition_is_the_whole_book(book, facts):
    assert chosen(book, facts[book], {}) == facts[book]


def test_a_book_without_amounts_adds_up_to_its_length():
    assert total("ratings", [Mark("2024-11-27", "kk", "number", 4)] * 3) == 3


@pytest.mark.parametrize(
    ("of", "names"), [("2024-11-27", ["8", "9", "10"]), ("2024", [f"2024-{n:02}" for n in range(1, 13)])]
)
def test_a_plot_leaves_no_hour_and_no_month_out(of, names):
    facts = {name: [] for name in BOOKS} | {"visits": [row(hour=8), row(hour=10)]}
    [parts] = [table for table in tables(facts, of) if table.name == "parts"]

    assert [label.name for label, _ in parts.rows] == names
