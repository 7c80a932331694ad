"""Recording and updating data are two lines of work: a rush in one does not slow the other."""

from __future__ import annotations

from datetime import date

import pytest

from agent.actions import counters, visits, waits, work_lines
from agent.domain import period
from agent.domain.services import Services
from agent.errors import SettingsError
from agent.toml_file import parse_toml
from config import tables
from tests.fakes import MINUTE, FakeClock
from tests.small_office import shipped_services, small_office, small_store, take

DAY = period.of("day", date(2026, 11, 23))


class Lines:
    """An office with both lines of work."""

    def __init__(self, home) -> None:
        self.clock = FakeClock()
        self.store = small_store(home, self.clock)
        self.office = small_office(home)
        self.count = 0

    def come(self, service: str, people: int = 1) -> list:
        self.count += people
        return [take(self.store, self.office, f"{service} {self.count - n}", service=service) for n in range(people)]

    def open(self, counter: int, line: str) -> None:
        counters.open_counter(self.store, self.office, counter, self.office.offer.on_line(line), by=1)

    def line(self, name: str) -> work_lines.Line:
        return next(each for each in work_lines.lines(self.store, self.office, DAY) if each.name == name)

    def serve(self, visit: str, counter: int, minutes: int) -> None:
        visits.call(self.store, visit, counter)
        self.clock.forward(minutes * MINUTE)
        visits.finish(self.store, visit, "recorded")


@pytest.fixture
def lines(tmp_path):
    made = Lines(tmp_path)
    yield made
    made.store.close()


def test_tickets_of_recording_begin_with_a_and_those_of_updating_with_b(lines):
    recording, updating = lines.come("ktp_first")[0], lines.come("change")[0]

    assert (recording.ticket, updating.ticket) == ("A-001", "B-001")


def test_every_service_of_the_two_series_is_on_a_line():
    offer = shipped_services()

    assert offer.on_line("recording") == ("ktp_first", "ktp_early")
    assert offer.on_line("updating") == ("change", "move", "kk", "birth")


@pytest.mark.parametrize("declared", [False, True])
def test_a_rush_of_recording_leaves_the_wait_for_updating_as_it_was(lines, declared):
    if declared:
        lines.open(1, "recording")
        lines.open(2, "updating")
    before = waits.wait_for(lines.store, lines.office, 1, "change")
    lines.come("ktp_first", 40)

    assert waits.wait_for(lines.store, lines.office, 1, "change") == before
    assert waits.wait_for(lines.store, lines.office, 1, "ktp_early").ahead == 40


def test_each_line_has_its_own_counters(lines):
    assert lines.line("recording").counters == ()
    lines.open(1, "recording")
    lines.open(2, "updating")
    counters.open_counter(lines.store, lines.office, 3, (), by=1)

    assert (lines.line("recording").counters, lines.line("updating").counters) == ((1, 3), (2, 3))


def test_each_line_has_its_own_times_and_report(lines):
    first, second = lines.come("ktp_first", 2)
    [move] = lines.come("move")
    lines.serve(first.visit, 1, minutes=4)
    lines.serve(move.visit, 2, minutes=11)
    recording, updating = lines.line("recording"), lines.line("updating")

    assert (recording.counts.total, recording.waiting, recording.at_counter.half) == (2, 1, 4)
    assert (updating.counts.total, updating.waiting, updating.at_counter.half) == (1, 0, 11)
    assert second.ticket == "A-002"


def test_a_line_tells_the_wait_of_who_would_come_now(lines):
    lines.come("ktp_first", 10)
    assert lines.line("recording").wait.reason == "no-counter"
    for name in ("recording", "updating"):
        lines.open(len(name), name)

    assert lines.line("recording").wait.minutes[1] > lines.line("updating").wait.minutes[1]


def test_a_series_cannot_be_on_two_lines():
    text = tables.shipped("services.toml").decode().replace('line = "recording"', 'line = "updating"', 1)

    with pytest.raises(SettingsError) as caught:
        parse_toml(text, Services, file="services.toml")
    assert caught.value.field == "services.ktp_early.line"
