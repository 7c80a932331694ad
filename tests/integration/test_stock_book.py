"""The stock's book: entered once, used by outcomes, contradicted by counts, told to people and to central."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.actions import notices, stock, visits
from agent.actions.stock import Entry
from agent.errors import BadData
from agent.probes import stock as probe
from agent.uplink.signing import status_of
from agent.wire.kinds import StockSpoiled
from tests.fakes import DAY, FakeClock
from tests.ledger_lines import said
from tests.patience import PATIENCE
from tests.small_office import small_office, small_store, take


class Shelf:
    """An office and what its officers enter."""

    def __init__(self, home) -> None:
        self.clock = FakeClock()
        self.store = small_store(home, self.clock)
        self.office = small_office(home)
        self.asked = 0

    def entry(self, amount: int, **more) -> Entry:
        self.asked += 1
        return Entry(**{"item": "blanks", "amount": amount, "by": 3, "request_id": f"m{self.asked}", **more})

    def receive(self, amount: int) -> int:
        return stock.receive(self.store, self.office, self.entry(amount))

    def count(self, amount: int) -> int:
        return stock.count(self.store, self.office, self.entry(amount))

    def hand_over(self, outcome: str = "handed_over") -> str:
        self.asked += 1
        visit = take(self.store, self.office, f"t{self.asked}", service="ktp_print").visit
        visits.call(self.store, visit, 1)
        visits.finish(self.store, visit, outcome)
        return visit

    def left(self) -> int | None:
        return stock.left_of(self.store, self.office, "blanks")

    def told(self) -> list[tuple[str, bool]]:
        stock.watch(self.store, self.office)
        return [(each.what, each.proposed) for each in notices.open_notices(self.store)]

    def lines(self, kind: str) -> list[dict]:
        return said(self.store, kind)


@pytest.fixture
def shelf(tmp_path):
    made = Shelf(tmp_path)
    yield made
    made.store.close()


def test_before_the_first_word_nothing_is_known(shelf):
    shelf.hand_over()

    assert shelf.left() is None
    assert stock.overview(shelf.store, shelf.office)["blanks"].level == "unknown"


def test_what_came_in_less_what_was_handed_over_is_left(shelf):
    shelf.receive(500)
    shelf.hand_over()
    shelf.hand_over("no_blank")

    assert shelf.left() == 499
    assert shelf.lines("stock.received") == [{"item": "blanks", "amount": 500, "by": 3}]


def test_what_was_used_before_the_book_began_is_no_part_of_it(shelf):
    shelf.hand_over()
    shelf.receive(10)

    assert shelf.left() == 10


def test_a_count_that_contradicts_the_book_gives_a_difference_line(shelf):
    shelf.receive(500)
    shelf.hand_over()

    assert shelf.count(490) == -9
    assert shelf.lines("stock.counted") == [{"item": "blanks", "counted": 490, "book": 499, "by": 3}]
    assert shelf.left() == 490


def test_a_count_begins_a_book(shelf):
    assert shelf.count(0) == 0
    assert shelf.left() == 0


def test_nobody_counts_fewer_than_none(shelf):
    with pytest.raises(BadData, match="stock-amount"):
        shelf.count(-1)
    assert shelf.lines("stock.counted") == []


def test_more_than_the_book_has_cannot_be_spoiled(shelf):
    shelf.receive(2)

    with pytest.raises(BadData, match="stock-below-zero"):
        stock.spoil(shelf.store, shelf.office, shelf.entry(3, reason="damaged"))
    assert stock.spoil(shelf.store, shelf.office, shelf.entry(2, reason="misprint")) == 0


def test_two_officers_at_once_cannot_spoil_more_than_there_is(shelf, monkeypatch):
    shelf.count(6)
    entries = [shelf.entry(5, reason="lost") for _ in range(2)]
    both = Barrier(2, timeout=PATIENCE)
    monkeypatch.setattr(stock, "StockSpoiled", lambda *said: (both.wait(), StockSpoiled(*said))[1])
    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(stock.spoil, shelf.store, shelf.office, entry) for entry in entries]

    assert [each.exception().code for each in done if each.exception()] == ["stock-below-zero"]
    assert shelf.left() == 1


def test_what_is_left_after_todays_work_is_there_for_tomorrow(shelf):
    shelf.count(4)
    shelf.hand_over()
    shelf.hand_over()

    assert shelf.left() == 2
    assert stock.overview(shelf.store, shelf.office)["blanks"].forecast.ends == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"item": "paper"}, "unknown-item"), ({"amount": 0}, "stock-amount"), ({"reason": "Pak Budi"}, "stock-reason")],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_kept(shelf, changed, code):
    shelf.receive(5)
    entry = msgspec.structs.replace(shelf.entry(1, reason="other"), **changed)

    with pytest.raises(BadData, match=code):
        stock.spoil(shelf.store, shelf.office, entry)
    assert shelf.left() == 5


@pytest.mark.parametrize("enter", [stock.receive, stock.count])
def test_a_double_tap_is_one_movement(shelf, enter):
    entry = shelf.entry(7)

    assert enter(shelf.store, shelf.office, entry) == enter(shelf.store, shelf.office, entry)
    assert (shelf.left(), len(stock.book(shelf.store))) == (7, 1)


def test_a_corrected_outcome_gives_the_card_back(shelf):
    shelf.receive(10)
    visit = shelf.hand_over()
    visits.correct(shelf.store, visit, "print_ready", by=1)

    assert shelf.left() == 10


def test_a_correction_of_a_visit_before_the_count_moves_nothing(shelf):
    shelf.receive(10)
    visit = shelf.hand_over()
    shelf.count(9)
    visits.correct(shelf.store, visit, "print_ready", by=1)

    assert shelf.left() == 9


def test_a_clock_that_steps_back_reorders_nothing(shelf):
    shelf.receive(10)
    shelf.hand_over()
    shelf.clock.step_to(0)
    shelf.count(9)
    shelf.hand_over()

    assert shelf.left() == 8


def test_days_left_follow_the_use_of_working_days(shelf):
    shelf.receive(26)
    for _ in range(3):
        for _ in range(2):
            shelf.hand_over()
        shelf.clock.forward(DAY)
    now = stock.overview(shelf.store, shelf.office)["blanks"]

    assert (now.left, now.per_day, now.forecast.days, now.level) == (20, 2, 10, "low")


def test_when_blanks_are_out_the_machine_proposes_the_notice_once(shelf):
    shelf.receive(1)
    assert shelf.told() == []
    shelf.hand_over()
    assert shelf.told() == [("blanks", True)]
    notices.clear_notice(shelf.store, notices.open_notices(shelf.store)[0].number, by=1)

    assert shelf.told() == []


def test_new_blanks_withdraw_what_the_machine_proposed(shelf):
    shelf.count(0)
    assert shelf.told() == [("blanks", True)]
    shelf.receive(500)

    assert shelf.told() == []


def test_a_notice_that_an_officer_confirmed_stays(shelf):
    shelf.count(0)
    shelf.told()
    notices.set_notice(shelf.store, shelf.office, "blanks", by=1)
    shelf.receive(500)

    assert shelf.told() == [("blanks", False)]


def test_the_heartbeat_says_how_much_is_left(shelf):
    shelf.receive(12)
    shelf.hand_over()
    stock.watch(shelf.store, shelf.office)

    assert status_of(shelf.store, "good").stock == {"blanks": 11}


def test_the_machine_warns_before_the_end_and_at_it(shelf):
    shelf.receive(3)
    shelf.hand_over()
    assert probe.read(shelf.store, shelf.office) == {"stock_low_items": 1.0, "stock_out_items": 0.0}
    shelf.count(0)

    assert probe.read(shelf.store, shelf.office) == {"stock_low_items": 0.0, "stock_out_items": 1.0}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.one_of(st.integers(1, 20), st.just("card")), max_size=12))
def test_received_less_used_is_left(tmp_path_factory, moves):
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    shelf.receive(1)
    for move in moves:
        shelf.hand_over() if move == "card" else shelf.receive(move)

    assert shelf.left() == 1 + sum(-1 if move == "card" else move for move in moves)
    shelf.store.close()
