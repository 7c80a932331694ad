"""Rounds of readings: one row and one commit each, a line each quarter hour, kept whatever the clock says."""

from __future__ import annotations

import math
from datetime import timedelta

import msgspec
import pytest

from agent import browser_again
from agent.actions import health
from agent.jobs import sample_health
from agent.probes import cpu, disk, interfaces, link, memory, uptime
from agent.probes.rounds import FURTHEST, take_round
from agent.settings import HealthSettings
from agent.store import link_log
from agent.wire.kinds import HealthSummary
from agent.wire.line import read_line
from tests.fakes import DAY, HOUR, MINUTE
from tests.rounds import named, of_machine
from tests.small_office import small_office, small_store


@pytest.fixture
def office(tmp_path):
    return small_office(tmp_path)


@pytest.fixture
def look():
    """The only probe counts its readings."""
    count = iter(range(1, 1_000_000))
    return named({"count": lambda: {"count": next(count)}})


@pytest.fixture
def live(store, office, clock, look):
    def rounds(minutes: int, store=store) -> None:
        for _ in range(minutes):
            sample_health.run(store, office, look)
            clock.forward(MINUTE)

    return rounds


def summaries(store) -> list[HealthSummary]:
    lines = [read_line(body) for (body,) in store.rows("SELECT body FROM line WHERE stream = 2 ORDER BY n")]
    return [msgspec.json.decode(line.d, type=HealthSummary) for line in lines if line.k == "health.summary"]


def numbers(store, table: str = "reading") -> list[int]:
    return [number for (number,) in store.rows(f"SELECT number FROM {table} ORDER BY number")]


def test_a_round_is_one_row_and_one_commit(store, office, look):
    commits = []
    store.after_commit = lambda: commits.append(1)
    sample_health.run(store, office, look)

    assert (numbers(store), commits) == ([1], [1])


def test_each_quarter_hour_is_one_line_of_its_rounds(store, live):
    live(46)

    assert [each.rounds for each in summaries(store)] == [15, 15, 15]
    assert summaries(store)[1].readings == {"count": (16.0, 23.0, 30.0)}
    assert numbers(store, "quarter") == [1, 2, 3]


def test_a_round_is_summed_up_once_also_after_a_restart(store, clock, live):
    live(20)
    store.close()
    again = small_store(store.home, clock)
    live(27, again)
    told = [each.readings["count"] for each in summaries(again)]
    again.close()

    assert told == [(1.0, 8.0, 15.0), (16.0, 23.0, 30.0), (31.0, 38.0, 45.0)]


def test_states_are_written_where_they_turn_and_counted_in_every_round(store, office, clock):
    online = iter([1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1])
    for _ in range(17):
        sample_health.run(store, office, named({"ticket-printer": lambda: {"printer_online": next(online)}}))
        clock.forward(MINUTE)

    assert [each.states["ticket-printer"] for each in summaries(store)] == [{"down": 4, "ok": 11}]
    written = store.rows("SELECT number FROM reading WHERE states != '' ORDER BY number")
    assert written == [(1,), (3,), (6,), (15,), (16,)]  # with the sixteenth the next quarter hour begins


def test_a_row_keeps_the_digits_that_count(store, office):
    found = {"cpu_percent": 99.97501457482929, "memory_available": 21451722752.0, "link_round_trip_s": 0.00004321}
    sample_health.run(store, office, named({"cpu": lambda: found}))

    text = '{"cpu_percent":100.0,"memory_available":21451722752,"link_round_trip_s":0.0000432}'
    assert store.rows("SELECT round FROM reading") == [(text,)]
    assert health.history(store, "memory_available", 0)[0].mean == 21451722752.0


@pytest.mark.parametrize("days", [-20_000, -1, 1, 26_000])
def test_a_step_of_the_clock_loses_no_reading(store, clock, days, live):
    live(20)
    clock.step_to(max(0, clock.wall_ms() + days * DAY))
    live(20)

    assert numbers(store) == list(range(1, 41))
    assert sum(each.rounds for each in summaries(store)) >= 30


def test_raw_rounds_are_kept_for_two_days_and_quarters_for_ninety(store, office, clock, look):
    office.settings = msgspec.structs.replace(
        office.settings, health=HealthSettings(every=timedelta(hours=1), summary=timedelta(hours=24))
    )
    for _ in range(100 * 24):
        sample_health.run(store, office, look)
        clock.forward(60 * MINUTE)

    assert len(numbers(store)) == 48
    assert len(numbers(store, "quarter")) == 90


def test_a_probe_that_fails_or_lies_gives_no_reading_and_stops_no_other(caplog):
    taken = take_round(
        named(
            {
                "raises": lambda: 1 / 0,
                "infinite": lambda: {"a": math.inf, "b": 1.0},
                "nothing": lambda: {"c": math.nan},
                "negative": lambda: {"d": -1.0},
                "beyond": lambda: {"e": FURTHEST * 2},
                "good": lambda: {"f": 2.0},
            }
        )
    )

    assert taken.readings == {"b": 1.0, "f": 2.0}
    assert taken.failed == {"raises", "nothing", "negative", "beyond"}
    assert "probe raises failed" in caplog.text


@pytest.mark.parametrize(
    ("probe", "names"),
    [
        (cpu.Processor().read, {"cpu_percent", "load1"}),
        (memory.read, {"memory_available", "memory_percent", "swap_percent"}),
        (interfaces.read, {"interfaces_up", "bytes_sent", "bytes_received"}),
    ],
)
def test_a_probe_of_this_machine_gives_what_its_name_says(probe, names):
    assert set(probe()) == names
    assert all(value >= 0 for value in probe().values())


def test_the_disk_is_that_of_the_office(tmp_path):
    found = disk.read(tmp_path)

    assert 0 < found["disk_free"] <= found["disk_total"]


def test_uptime_is_by_the_boot_clock(store, clock):
    clock.step_to(0)

    assert uptime.read(store)["uptime_s"] == 60.0


@pytest.mark.parametrize(("state", "reached"), [("good", 1.0), ("slow", 1.0), ("server-down", 0.0), (None, 0.0)])
def test_central_is_reached_as_the_link_last_was(store, state, reached):
    if state:
        link_log.note(store, state, "")

    assert link.read(store)["central_reachable"] == reached


def test_a_full_round_of_this_machine_has_the_office_s_readings(store):
    taken = take_round(of_machine(store))

    wanted = {"cpu_percent", "memory_percent", "disk_free", "uptime_s", "interfaces_up", "central_reachable"}
    assert wanted <= set(taken.readings)


def test_the_history_of_a_reading_has_rounds_as_far_as_they_go_and_quarter_hours_before(store, office, clock, live):
    office.settings = msgspec.structs.replace(
        office.settings, health=HealthSettings(every=timedelta(minutes=1), summary=timedelta(minutes=15))
    )
    began = clock.wall_ms()
    live(60)
    with store.write():
        store.run("DELETE FROM reading WHERE number <= 30")
    points = health.history(store, "count", began)

    assert [point.mean for point in points] == [8.0, 23.0, *(float(n) for n in range(31, 61))]
    assert points[0] == health.Point(began, 1.0, 8.0, 15.0)


def test_rounds_by_a_clock_that_was_wrong_hide_no_quarter_hour(store, office, clock):
    now = clock.wall_ms()
    with store.write():
        store.run("INSERT INTO reading (t, round) VALUES (0, ?)", '{"count": 1}')
        store.run("INSERT INTO quarter (t, summary) VALUES (?, ?)", now - HOUR, '{"count": [1.0, 2.0, 3.0]}')
        store.run("INSERT INTO reading (t, round) VALUES (?, ?)", now - MINUTE, '{"count": 4}')

    assert [point.mean for point in health.history(store, "count", now - DAY)] == [2.0, 4.0]


@pytest.mark.parametrize("name", ['"', "$", "count", "count.x", "nothing", "reachable 10.0.0.1:443"])
def test_a_history_of_any_name_is_a_list(store, office, name, look):
    sample_health.run(store, office, look)

    assert len(health.history(store, name, 0)) == (name == "count")


def test_a_screen_that_stands_still_is_told_to_root_until_it_asks_again(store, office, clock):
    told = []
    for silent_s in (0.0, *[400.0] * 6, *[10.0] * 6):
        sample_health.run(store, office, named({"browser": lambda silent_s=silent_s: {"browser_silent_s": silent_s}}))
        told.append((store.home / browser_again.FILE).exists())
        clock.forward(MINUTE)

    assert (told[0], told[6], told[-1]) == (False, True, False)
