"""How lines left this office is remembered in a few rows, and told day by day."""

from __future__ import annotations

import pytest

from agent.actions import custody
from agent.domain.custody import Missing, Until
from agent.folder import Folder
from agent.store import forks, handing, ledger
from agent.uplink import stick
from tests.fakes import DAY
from tests.small_office import CODE
from tests.wired_office import wired

office = pytest.fixture(wired)


def stream_of(office) -> int:
    return ledger.state(office.store, "enrollments").stream


def page(office) -> custody.Book:
    return custody.books(office.store, office.office.zone, "enrollments")[0]


def carry_out(office, tmp_path) -> None:
    (tmp_path / "stick").mkdir(exist_ok=True)
    stick.carry_out(office.store, office.courier.signer, CODE, Folder(tmp_path / "stick"), lambda *_: None)


def test_stretches_that_touch_are_one_row(office) -> None:
    for first in (1, 11, 31, 21, 5):
        handing.note(office.store, stream_of(office), "link", first, first + 9)

    assert handing.handed(office.store, stream_of(office), "link") == ((1, 40),)


def test_each_carrier_has_stretches_of_its_own(office) -> None:
    handing.note(office.store, stream_of(office), "link", 1, 4)
    handing.note(office.store, stream_of(office), "stick", 3, 9)

    assert handing.handed(office.store, stream_of(office), "link") == ((1, 4),)
    assert handing.handed(office.store, stream_of(office), "stick") == ((3, 9),)


def test_what_is_known_is_not_written_again(office) -> None:
    handing.note(office.store, stream_of(office), "link", 1, 9)
    before = office.store.rows("PRAGMA data_version"), office.store.rows("SELECT t FROM handed_over")
    office.clock.forward(DAY)
    handing.note(office.store, stream_of(office), "link", 2, 5)

    assert (office.store.rows("PRAGMA data_version"), office.store.rows("SELECT t FROM handed_over")) == before


def test_a_batch_that_was_answered_went_by_the_link(office) -> None:
    office.ticket(nik=False)
    office.courier.send_next()
    (day,) = page(office).days

    assert (day.handed["link"], day.confirmed, day.missing) == (day.recorded, day.recorded, ())


def test_what_lies_on_a_stick_is_under_way(office, tmp_path) -> None:
    office.ticket(nik=False)
    carry_out(office, tmp_path)
    office.ticket(nik=False)
    last = page(office).last

    assert page(office).days[0].missing == (Missing(1, last - 1, "under-way"), Missing(last, last, "kept"))


def test_days_are_told_apart_by_local_date(office) -> None:
    office.ticket(nik=False)
    office.clock.forward(DAY)
    office.ticket(nik=False)

    assert [str(day.date) for day in page(office).days] == ["2026-11-24", "2026-11-23"]


def test_an_earlier_ledger_is_told_below_the_open_one(office) -> None:
    office.ticket(nik=False)
    first = page(office).ledger
    with office.store.write():
        forks.fork(office.store, forks.RESTORED, office.luck.randbytes)
    office.ticket(nik=False)

    found = custody.books(office.store, office.office.zone, "enrollments")
    assert [book.ledger == first for book in found] == [False, True]


def test_a_page_reads_no_more_than_its_lines(office, monkeypatch) -> None:
    for _ in range(5):
        office.ticket(nik=False)
    monkeypatch.setattr(custody, "MOST_LINES", 3)

    assert page(office).days[0].recorded == 3
    assert page(office).last > 3


def test_older_days_are_counted_and_a_page_away(office, monkeypatch) -> None:
    monkeypatch.setattr(custody, "MOST_DAYS", 2)
    for _ in range(5):
        office.ticket(nik=False)
        office.clock.forward(DAY)
    book, pages = page(office), []
    while book.older:
        pages.append([each.recorded for each in book.days])
        until = Until(book.ledger, book.left)
        (book,) = custody.books(office.store, office.office.zone, "enrollments", until)
        assert book.older + sum(each.recorded for each in book.days) == until.last

    assert (len(pages), len(book.days), book.left) == (2, 1, 0)


def test_an_earlier_ledger_beyond_the_page_is_told_with_all_its_lines_left(office, monkeypatch) -> None:
    office.ticket(nik=False)
    first = page(office)
    with office.store.write():
        forks.fork(office.store, forks.RESTORED, office.luck.randbytes)
    monkeypatch.setattr(custody, "MOST_LINES", 1)
    books = custody.books(office.store, office.office.zone, "enrollments")

    assert (books[1].ledger, books[1].days, books[1].older) == (first.ledger, [], first.last)


def test_a_page_of_a_ledger_that_is_none_here_is_the_newest(office) -> None:
    office.ticket(nik=False)

    assert custody.books(office.store, office.office.zone, "enrollments", Until("other", 1)) == [page(office)]
