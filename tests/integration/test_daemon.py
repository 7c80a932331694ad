"""The agent's loop: what goes wrong in it costs itself, and what wakes it is heard."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from agent import daemon
from agent.errors import SettingsError
from agent.job_log import FILE, JobLog, JobState, job_states
from agent.nudge import listen, nudge
from agent.timetable import Job, Outcome
from agent.wire.line import read_line
from tests.fakes import DAY, HOUR, MORNING


class Table:
    """A timetable that is never due, and counts the looks at it."""

    def __init__(self, *, rest_s: float = 60.0) -> None:
        self.looks, self.rest_s = 0, rest_s

    def run_due(self) -> None:
        self.looks += 1

    def idle_s(self) -> float:
        return self.rest_s


@pytest.fixture
def sockets(tmp_path):
    (tmp_path / "run").mkdir(exist_ok=True)
    stopped, stop = socket.socketpair()
    heard = listen(tmp_path)
    yield stopped, stop, heard
    for each in (stopped, stop, heard):
        each.close()


def turn(table, sockets, answer=lambda: None, replaced=lambda: False) -> int:
    stopped, _, heard = sockets
    return daemon.loop(table, answer, replaced, stopped, heard, {})


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_a_ca_file_that_trusts_nobody_stops_the_start_and_is_named(tmp_path, content):
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(SettingsError) as caught:
        daemon.check_authority(tmp_path / "kiosk.toml", str(file))

    assert (Path(caught.value.file).name, caught.value.field) == ("kiosk.toml", "network.ca_file")
    assert caught.value.sentence.startswith(f"{str(file)!r} holds no certificate in PEM (")


def test_a_ca_file_that_cannot_be_a_name_stops_the_start_too(tmp_path):
    with pytest.raises(SettingsError):
        daemon.check_authority(tmp_path / "kiosk.toml", "a\0b")


def test_a_signal_ends_the_loop_with_0(sockets):
    sockets[1].send(b".")

    assert turn(Table(), sockets) == 0


def test_a_replaced_database_ends_it_with_1_so_that_it_is_started_again(sockets):
    assert turn(Table(), sockets, replaced=lambda: True) == 1


def test_a_wish_that_fails_does_not_end_the_loop(sockets):
    asked = []

    def answer() -> None:
        asked.append(1)
        if len(asked) == 3:
            sockets[1].send(b".")
        raise ZeroDivisionError

    turn(Table(rest_s=0), sockets, answer)

    assert len(asked) == 3


def test_a_nudge_wakes_it_before_the_next_job(sockets, tmp_path):
    table = Table()

    def answer() -> None:
        nudge(tmp_path) if table.looks == 1 else sockets[1].send(b".")

    turn(table, sockets, answer)

    assert table.looks == 2


def test_a_step_of_the_clock_is_a_line_with_before_and_after(store):
    daemon.note_step(store, MORNING, 0)
    said = read_line(store.rows("SELECT body FROM line ORDER BY n DESC LIMIT 1")[0][0])

    assert said.k == "clock.stepped"
    assert msgspec.json.decode(said.d) == {"before": MORNING, "after": 0}


def test_a_step_tells_how_far_the_old_clock_was_behind_central(store):
    from agent.store.receipts import note_central_time

    with store.write():
        note_central_time(store, MORNING + 5_000)
    store.clock.step_to(MORNING + HOUR)
    daemon.note_step(store, MORNING, MORNING + HOUR)
    said = read_line(store.rows("SELECT body FROM line ORDER BY n DESC LIMIT 1")[0][0])

    assert msgspec.json.decode(said.d)["offset_ms"] == 5_000


def daily(store, name: str = "prune") -> float:
    return daemon.daily(store, name, timedelta(days=1), lambda: None, first_s=120).first_s


def ran(store, at: int) -> None:
    with store.write():
        store.run("INSERT OR REPLACE INTO job VALUES ('prune', ?)", at)


def test_a_daily_job_that_never_ran_is_due_soon_after_the_start(store):
    assert daily(store) == 120


@pytest.mark.parametrize(("since", "first_s"), [(DAY, 120), (2 * DAY, 120), (DAY - HOUR, 3600), (0, 86_400)])
def test_a_daily_job_counts_from_its_last_run_before_this_start(store, since, first_s):
    ran(store, MORNING - since)

    assert daily(store) == first_s


def test_a_last_run_in_the_future_is_a_wrong_clock_and_the_job_is_due(store):
    ran(store, MORNING + 9_000 * DAY)

    assert daily(store) == 120


def test_the_log_of_jobs_is_read_back_as_it_was_told(store):
    log = JobLog(store)
    log.told(Outcome("upload", "", 300.0))
    log.told(Outcome("prune", "DiskFull: no", 86_400.0))

    assert job_states(store.home) == [
        JobState("prune", MORNING, MORNING + DAY, "DiskFull: no"),
        JobState("upload", MORNING, MORNING + 300_000, None),
    ]


def test_a_job_that_is_due_less_than_hourly_is_remembered_across_reboots(store):
    log = JobLog(store)
    log.told(Outcome("upload", "", 300.0))
    log.told(Outcome("prune", "", 86_400.0))

    assert store.rows("SELECT name, last_t FROM job") == [("prune", MORNING)]


@pytest.mark.parametrize("content", [b"", b"\xff", b"[1]", b'[{"name":1}]'])
def test_a_log_that_cannot_be_read_tells_nothing(store, content):
    (store.home / FILE).write_bytes(content)

    assert job_states(store.home) == []


def test_without_a_log_there_are_no_jobs(tmp_path):
    assert job_states(tmp_path) == []


def test_a_job_knows_its_name_and_rhythm():
    job = Job("upload", timedelta(minutes=5), print)

    assert (job.name, job.every, job.first_s) == ("upload", timedelta(minutes=5), 0.0)
