"""When each job runs; the only file that names `schedule`.

Plain `schedule` plans by the wall clock, stops when it steps back and lets one job's error stop
the rest. Here a step makes the plan anew from the boot clock, and an error costs one turn.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

import msgspec
import schedule

from agent.clock import Clock
from agent.guard import guarded

SLEW_MS: Final = 100  # clocks that drift further apart would have the loop wait for a job that is planned later
STEP_MS: Final = 30_000


class Job(msgspec.Struct, frozen=True):
    """A piece of work and how often it is due; `first_s` seconds after the start for the first time."""

    name: str
    every: timedelta
    work: Callable[[], object]
    first_s: float = 0.0


class Outcome(msgspec.Struct, frozen=True):
    """A finished turn of a job: its error, empty when it went well, and seconds until the next."""

    job: str
    error: str
    next_s: float


class Timetable:
    """Runs jobs when they are due; `told` hears each outcome, `stepped` a jump of the wall clock in ms."""

    def __init__(
        self,
        jobs: Sequence[Job],
        clock: Clock,
        *,
        told: Callable[[Outcome], None],
        stepped: Callable[[int, int], None],
    ) -> None:
        self.jobs = jobs
        self.clock = clock
        self.told = told
        self.stepped = stepped
        self._due: dict[str, int] = {}
        self._plan = schedule.Scheduler()
        self._difference = 0
        self._untold: tuple[int, int] | None = None

    def start(self) -> None:
        """Plan every job for the first time."""
        now = self.clock.boot_ms()
        self._due = {job.name: now + int(job.first_s * 1000) for job in self.jobs}
        self._make_plan(self._apart())

    def run_due(self) -> None:
        """Run what is due, each job once however long ago it was due."""
        after = self.clock.wall_ms()
        apart = after - self.clock.boot_ms()
        moved = apart - self._difference
        if abs(moved) > SLEW_MS:
            self._make_plan(apart)
        if abs(moved) > STEP_MS:
            self._untold = (self._untold[0] if self._untold else after - moved, after)
        if self._untold and not guarded("clock", functools.partial(self.stepped, *self._untold)):
            self._untold = None  # else it is told in the next round: a database that was busy must not hide a jump
        self._plan.run_pending()

    def idle_s(self) -> float:
        """Seconds until the next job is due, by the boot clock; 0 when one is."""
        soonest = min(self._due.values(), default=self.clock.boot_ms() + 60_000)
        return max(0.0, (soonest - self.clock.boot_ms()) / 1000)

    def _apart(self) -> int:
        return self.clock.wall_ms() - self.clock.boot_ms()

    def _make_plan(self, apart: int) -> None:
        # As it was when somebody looked: read again here, a clock that jumps meanwhile would never be told.
        self._difference = apart
        self._plan.clear()
        for job in self.jobs:
            entry = self._plan.every(max(1, round(job.every.total_seconds()))).seconds.do(self._turn, job)
            wait = timedelta(milliseconds=self._due[job.name] - self.clock.boot_ms())
            if entry.next_run is not None:  # always: `do` has just planned it one interval ahead
                entry.next_run += wait - timedelta(seconds=entry.interval)

    def _turn(self, job: Job) -> None:
        error = guarded(job.name, job.work)
        self._due[job.name] = self.clock.boot_ms() + int(job.every.total_seconds() * 1000)
        guarded("timetable", lambda: self.told(Outcome(job.name, error, job.every.total_seconds())))
