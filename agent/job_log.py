"""When each job last ran, is due again, and what went wrong: run/jobs.json for whoever asks.

On a RAM disk, because a row for every turn would be most of what the agent writes to disk.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from agent.store.database import Store
from agent.timetable import Outcome

FILE: Final = "run/jobs.json"
HOUR_S: Final = 3600.0


class JobState(msgspec.Struct, frozen=True):
    """A job's last and next turn, ms UTC, and its last error."""

    name: str
    last: int
    next: int
    error: str | None


class JobLog:
    """Hears every outcome."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._jobs: dict[str, JobState] = {}
        self._lock = threading.Lock()  # the sender tells from a thread of its own

    def told(self, outcome: Outcome) -> None:
        """Keep an outcome; jobs that are due less than hourly also in the database, across reboots."""
        with self._lock:
            self._keep(outcome)

    def _keep(self, outcome: Outcome) -> None:
        now = self.store.clock.wall_ms()
        state = JobState(outcome.job, now, now + int(outcome.next_s * 1000), outcome.error or None)
        self._jobs[outcome.job] = state
        if outcome.next_s > HOUR_S:
            with self.store.write():
                self.store.run(
                    "INSERT INTO job (name, last_t) VALUES (?, ?)"
                    " ON CONFLICT (name) DO UPDATE SET last_t = excluded.last_t",
                    outcome.job, now,
                )  # fmt: skip
        fresh = (self.store.home / FILE).with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(sorted(self._jobs.values(), key=lambda job: job.name)))
        fresh.replace(self.store.home / FILE)


def job_states(home: Path) -> list[JobState]:
    """The jobs' states as the agent last told them; none when it never ran since the boot."""
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode((home / FILE).read_bytes(), type=list[JobState])
    return []
