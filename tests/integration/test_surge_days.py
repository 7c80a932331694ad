"""A surge as the tables of an office show it, and the reasons of its visits."""

from __future__ import annotations

import pytest

from agent.actions import day, reports, surge, visits
from agent.actions.visits import Came
from agent.domain import period, report
from agent.domain.surge import REASONS, UNKNOWN
from agent.errors import BadData
from tests.fakes import DAY, HOUR, FakeClock
from tests.ledger_lines import said
from tests.small_office import small_office, small_store, take


class Weeks:
    """An office whose days pass quickly."""

    def __init__(self, home) -> None:
        self.clock = FakeClock()
        self.store = small_store(home, self.clock)
        self.office = small_office(home)
        self.count = 0

    def come(self, people: int, service: str = "ktp_first") -> list[str]:
        self.count += people
        first = self.count - people
        return [take(self.store, self.office, f"r{first + n}", service=service).visit for n in range(people)]

    def days(self, numbers: list[int]) -> None:
        """Mondays to Fridays with so many people, the weekend between them without any."""
        for people in numbers:
            self.come(people)
            day.close_day(self.store, by=1)
            self.clock.forward(DAY)
            while not self.office.hours.is_working_day(day.local_now(self.store, self.office)[0].date()):
                self.clock.forward(DAY)

    def reasons(self, of: str = "2026-11-23") -> dict:
        return surge.reasons(self.store, self.office, period.read(of))

    def end(self, visit: str, outcome: str = "recorded", reason: str | None = None) -> None:
        visits.call(self.store, visit, 1)
        visits.finish(self.store, visit, outcome, came=Came(reason))


@pytest.fixture
def weeks(tmp_path):
    made = Weeks(tmp_path)
    yield made
    made.store.close()


def test_ten_days_of_10_and_then_16_are_a_surge_at_the_16th_number(weeks):
    weeks.days([10] * 10)
    told = []
    for _ in range(16):
        weeks.come(1)
        told.append(surge.today(weeks.store, weeks.office).is_on)

    assert told == [False] * 15 + [True]


def test_a_closed_office_is_not_busy(weeks):
    weeks.days([10] * 6)

    assert surge.today(weeks.store, weeks.office) is None


def test_a_saturday_is_no_day_to_compare_with(weeks):
    weeks.days([4] * 5)
    weeks.clock.step_to(weeks.clock.wall - 2 * DAY)  # from Monday back to Saturday
    weeks.come(90)
    day.close_day(weeks.store, by=1)
    weeks.clock.forward(2 * DAY)
    weeks.come(1)

    assert surge.today(weeks.store, weeks.office).mean == 4


def test_each_line_is_told_what_it_needs(weeks):
    weeks.come(30)
    weeks.come(2, "kk")
    weeks.clock.forward(6 * HOUR)  # 14.00, an hour before closing
    told = surge.lines(weeks.store, weeks.office)

    assert (told["A"].waiting, told["A"].needed) == (30, 2)
    assert (told["B"].waiting, told["B"].needed) == (2, 1)
    assert told["D"].needed == 0


def test_recording_sets_are_reckoned_for_those_who_are_recorded(weeks):
    weeks.come(106)
    weeks.come(5, "kk")
    told = surge.sets(weeks.store, weeks.office, usual=100)

    assert (told.people, told.needed, told.usual) == (106, 2, 1)


def test_no_numbers_need_no_set(weeks):
    assert surge.sets(weeks.store, weeks.office, 0.0).needed == 0


def test_the_reason_of_a_visit_is_in_its_line_and_in_the_report(weeks):
    first, second = weeks.come(2, "move")
    weeks.end(first, reason="married")
    weeks.end(second)

    assert [line.get("reason") for line in said(weeks.store, "visit.finished")] == ["married", None]
    assert weeks.reasons()["move"] == {
        "moved": 0, "married": 1, "changed": 0, "first": 0, "other": 0, "unknown": 1,
    }  # fmt: skip


def test_a_reason_outlives_a_correction(weeks):
    [visit] = weeks.come(1)
    weeks.end(visit, reason="moved")
    visits.correct(weeks.store, visit, "failed_capture", by=1)

    assert weeks.reasons()["ktp_first"]["moved"] == 1


def test_a_word_that_is_no_reason_is_refused(weeks):
    [visit] = weeks.come(1)
    visits.call(weeks.store, visit, 1)

    with pytest.raises(BadData, match="unknown-reason"):
        visits.finish(weeks.store, visit, "recorded", came=Came("Bu Siti menikah"))


def test_a_month_of_reasons_leaves_out_the_month_before(weeks):
    weeks.end(weeks.come(1)[0], reason="other")
    weeks.days([1] * 8)  # from Monday, 23 November, on
    weeks.end(weeks.come(1)[0], reason="moved")

    assert sum(weeks.reasons("2026-11")["ktp_first"].values()) == 7
    assert weeks.reasons("2026-12")["ktp_first"]["moved"] == 1


@pytest.mark.parametrize("reason", [*REASONS, UNKNOWN])
def test_a_count_of_a_reason_is_the_length_of_the_list_it_opens(weeks, reason):
    for visit, why in zip(weeks.come(7), (*REASONS, None, reason), strict=True):
        weeks.end(visit, reason=None if why == UNKNOWN else why)
    weeks.come(1)
    rows = reports.rows(weeks.store, weeks.office, period.read("2026-11-23"))

    assert weeks.reasons()["ktp_first"][reason] == len(report.matching(rows, {"reason": reason})) == 2
