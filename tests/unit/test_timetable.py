"""The timetable: each job keeps its rhythm by the boot clock, whatever becomes of the wall clock and of other jobs."""

from __future__ import annotations

import datetime as dt
from datetime import UTC, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
import schedule

from agent.timetable import Job, Timetable
from tests.fakes import DAY, HOUR, MINUTE, SECOND, FakeClock, wall

EVERY_MINUTE = timedelta(minutes=1)
STEPS = {
    "three hours back": lambda now: now - 3 * HOUR,
    "to 1970": lambda _: 0,
    "to 2099": lambda _: wall("2099-01-01T00:00"),
    "half a minute and a second on": lambda now: now + 31 * SECOND,
}


@pytest.fixture
def clock(monkeypatch):
    """A fake clock; `schedule`, which reads the machine's own, reads this one instead."""
    clock = FakeClock()

    class Faked(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(clock.wall_ms() / 1000, tz or UTC).replace(tzinfo=tz)

    monkeypatch.setattr(schedule, "datetime", SimpleNamespace(datetime=Faked, timedelta=timedelta))
    return clock


class Office:
    """A started timetable, and all that it told."""

    def __init__(self, clock: FakeClock, *jobs: Job) -> None:
        self.clock, self.outcomes, self.steps = clock, [], []
        self.table = Timetable(
            jobs, clock, told=self.outcomes.append, stepped=lambda *jump: self.steps.append((clock.boot_ms(), *jump))
        )
        self.table.start()

    def live(self, ms: int, tick_ms: int = SECOND) -> None:
        """Time passes in ticks, with a look at the table at each."""
        for _ in range(ms // tick_ms):
            self.table.run_due()
            self.clock.forward(tick_ms)


def counting(clock: FakeClock, name: str = "count", every: timedelta = EVERY_MINUTE, first_s: float = 0.0):
    """A job, and the boot times at which it ran."""
    ran = []
    return Job(name, every, lambda: ran.append(clock.boot_ms()), first_s), ran


def gaps(times: list[int]) -> list[int]:
    return [right - left for left, right in pairwise(times)]


@pytest.mark.parametrize("step", STEPS)
def test_a_job_keeps_its_rhythm_when_the_wall_clock_is_set(clock, step) -> None:
    job, ran = counting(clock)
    office = Office(clock, job)
    office.live(10 * MINUTE + 25 * SECOND)
    clock.step_to(STEPS[step](clock.wall_ms()))
    office.live(10 * MINUTE)

    assert abs(len(ran) - 21) <= 1
    assert all(abs(gap - MINUTE) <= SECOND for gap in gaps(ran))


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_reported_once_with_before_and_after(clock, step) -> None:
    office = Office(clock, counting(clock)[0])
    office.live(MINUTE)
    before, at = clock.wall_ms(), clock.boot_ms()
    after = STEPS[step](before)
    clock.step_to(after)
    office.live(5 * MINUTE)

    assert office.steps == [(at, before, after)]


def test_two_steps_are_reported_as_two(clock) -> None:
    office = Office(clock, counting(clock)[0])
    office.live(MINUTE)
    start = clock.wall_ms()
    clock.step_to(0)
    office.live(MINUTE)
    clock.step_to(start + MINUTE)
    office.live(MINUTE)

    assert [step[1:] for step in office.steps] == [(start, 0), (MINUTE, start + MINUTE)]


def test_a_clock_that_is_led_gently_is_no_step(clock) -> None:
    office = Office(clock, counting(clock)[0])
    office.live(MINUTE)
    clock.step_to(clock.wall_ms() + 29 * SECOND)
    office.live(MINUTE)

    assert office.steps == []


def test_a_clock_that_goes_on_is_no_step(clock) -> None:
    office = Office(clock, counting(clock)[0])
    office.live(DAY, tick_ms=MINUTE)

    assert office.steps == []


def test_a_step_makes_no_job_run_out_of_turn(clock) -> None:
    job, ran = counting(clock, every=timedelta(hours=6), first_s=3600)
    office = Office(clock, job)
    clock.step_to(wall("2099-01-01T00:00"))
    office.live(59 * MINUTE)

    assert ran == []


def test_a_report_of_a_step_that_fails_stops_no_job(clock) -> None:
    job, ran = counting(clock)
    office = Office(clock, job)
    office.table.stepped = lambda *_: 1 / 0
    clock.step_to(0)
    office.table.run_due()

    assert len(ran) == 1


def test_a_step_that_could_not_be_told_is_told_in_the_next_round(clock) -> None:
    job, _ = counting(clock)
    office = Office(clock, job)
    tell, before = office.table.stepped, clock.wall_ms()
    office.table.stepped = lambda *_: 1 / 0
    clock.step_to(0)
    office.table.run_due()
    office.table.stepped = tell
    office.live(2_000)

    assert [jump[1:] for jump in office.steps] == [(before, 0)]


def test_a_step_in_the_middle_of_a_slow_look_is_told(clock, monkeypatch) -> None:
    office = Office(clock, counting(clock)[0])
    office.live(MINUTE)
    at_once = clock.boot_ms

    def slow_look() -> int:
        monkeypatch.setattr(clock, "boot_ms", at_once)
        clock.forward(SECOND // 5)
        clock.wall = 0
        return at_once()

    monkeypatch.setattr(clock, "boot_ms", slow_look)
    office.live(3 * SECOND)

    assert len(office.steps) == 1


def test_a_raising_job_costs_one_turn_and_the_other_runs(clock) -> None:
    other, ran = counting(clock, "other")
    office = Office(clock, Job("bad", EVERY_MINUTE, lambda: 1 / 0), other)
    office.live(3 * MINUTE)

    assert len(ran) == 3
    assert [told.job for told in office.outcomes if told.error] == ["bad"] * 3


def test_an_outcome_tells_the_error_and_the_next_turn(clock) -> None:
    office = Office(clock, Job("bad", timedelta(seconds=90), lambda: 1 / 0))
    office.table.run_due()
    (told,) = office.outcomes

    assert (told.job, told.error, told.next_s) == ("bad", "ZeroDivisionError: division by zero", 90.0)


def test_a_job_that_went_well_has_no_error(clock) -> None:
    office = Office(clock, counting(clock)[0])
    office.table.run_due()

    assert [told.error for told in office.outcomes] == [""]


def test_the_first_turn_comes_when_the_job_says(clock) -> None:
    start = clock.boot_ms()
    at_once, now = counting(clock, "now")
    later, then = counting(clock, "later", first_s=40)
    office = Office(clock, at_once, later)
    office.live(90 * SECOND)

    assert [at - start for at in now] == [0, 60 * SECOND]
    assert [at - start for at in then] == [40 * SECOND]


def test_a_job_that_is_long_overdue_runs_once(clock) -> None:
    job, ran = counting(clock)
    office = Office(clock, job)
    office.table.run_due()
    clock.forward(8 * HOUR)
    office.live(30 * SECOND)

    assert len(ran) == 2


def test_each_job_has_a_rhythm_of_its_own(clock) -> None:
    often, minutes = counting(clock, "often")
    seldom, quarters = counting(clock, "seldom", timedelta(minutes=15))
    Office(clock, often, seldom).live(HOUR)

    assert (len(minutes), len(quarters)) == (60, 4)


def test_the_table_rests_until_the_next_job_by_the_boot_clock(clock) -> None:
    office = Office(clock, counting(clock)[0], counting(clock, "later", first_s=40)[0])
    assert office.table.idle_s() == 0
    office.table.run_due()
    clock.forward(10 * SECOND)
    clock.step_to(0)

    assert office.table.idle_s() == 30


def test_a_table_without_jobs_rests_for_a_minute(clock) -> None:
    assert Office(clock).table.idle_s() == 60


def test_an_outcome_that_cannot_be_told_stops_no_job(clock) -> None:
    one, ran = counting(clock)
    two, others = counting(clock, "other")
    office = Office(clock, one, two)
    office.table.told = lambda _: 1 / 0
    office.live(3 * MINUTE)

    assert (len(ran), len(others)) == (3, 3)


@pytest.mark.parametrize("led_ms", [-20 * SECOND, -500, 500, 20 * SECOND])
def test_a_job_runs_when_the_table_says_that_it_is_due_though_the_wall_clock_was_led(clock, led_ms) -> None:
    job, ran = counting(clock)
    office = Office(clock, job)
    office.table.run_due()
    clock.step_to(clock.wall_ms() + led_ms)
    clock.forward(int(office.table.idle_s() * 1000))
    office.table.run_due()

    assert len(ran) == 2
