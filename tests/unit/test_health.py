"""Rounds become states and warnings: held against flicker, told once, explained by what lies behind them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain import explaining, health, health_rules
from agent.domain.clock_steps import Step
from agent.domain.health import Moment, Round, Rule, Track
from agent.settings_health import LimitSettings
from tests.fakes import DAY, HOUR, MINUTE, MORNING

DOWN = Rule("printer", "offline", "down", "online", high=0.5)
LOW = Rule("printer", "paper-low", "warn", "paper", high=0.5)
HOLD = 90_000.0


class Watch:
    """A machine looked at each minute from MORNING on."""

    def __init__(self, *rules: Rule, explained_by=health_rules.EXPLAINED_BY) -> None:
        self.rules = rules or (DOWN, LOW)
        self.explained_by = explained_by
        self.now, self.before = MORNING, 0
        self.tracks: dict[str, Track] = {}
        self.changes: list[health.Change] = []

    def see(self, *, minutes: int = 1, failed=(), pending=(), absent=(), said=None, **readings: float) -> Watch:
        for _ in range(minutes):
            found = Round(readings, said or {}, *map(frozenset, (failed, pending, absent)))
            judged = health.judge(found, self.rules, self.tracks, Moment(self.before, self.now, HOLD))
            self.tracks, self.before = judged.tracks, self.now
            self.changes += judged.changes
            self.now += MINUTE
        return self

    @property
    def standing(self) -> tuple[explaining.Warning, ...]:
        return explaining.standing(self.tracks, self.explained_by, self.before)

    def codes(self) -> list[str]:
        return [each.code for each in self.standing if each.explained_by is None]


def test_what_is_well_from_the_first_look_is_well_at_once():
    assert Watch().see(online=1).tracks["printer"].state == "ok"


def test_a_symptom_counts_when_it_has_lasted():
    watch = Watch().see(online=1)

    assert watch.see(online=0).codes() == []
    assert watch.see(online=0, minutes=2).codes() == ["offline"]


def test_a_probe_that_stays_silent_is_unknown_since_it_fell_silent():
    watch = Watch().see(online=1).see(failed=["printer"], minutes=30, said={"printer": "it does not answer"})
    track = watch.tracks["printer"]

    assert (track.state, track.since, track.evidence) == ("unknown", MORNING + MINUTE, "it does not answer")
    assert len(watch.changes) == 2


def test_a_flicker_is_no_warning_and_no_change():
    watch = Watch().see(online=1).see(online=0).see(online=1, minutes=10)

    assert [change.state for change in watch.changes] == ["ok"]


def test_an_outage_of_38_minutes_is_told_once_and_is_38_minutes_long():
    watch = Watch().see(online=1, minutes=2).see(online=0, minutes=38).see(online=1, minutes=10)
    down, back = watch.changes[1:]

    assert (down.state, down.since, down.last_good) == ("down", MORNING + 2 * MINUTE, MORNING + MINUTE)
    assert (back.state, back.since, back.for_s) == ("ok", MORNING + 40 * MINUTE, 38 * 60)


def test_a_warning_says_since_when_and_how_long():
    watch = Watch().see(online=1).see(online=0, minutes=11, said={"printer": "no route to host"})
    (warning,) = watch.standing

    assert (warning.since, warning.for_s, warning.severity) == (MORNING + MINUTE, 600, "down")
    assert warning.evidence == "no route to host"


def test_the_worst_symptom_of_a_probe_is_its_one_warning():
    assert Watch().see(online=0, paper=0, minutes=5).codes() == ["offline"]


def test_an_outage_goes_on_while_its_symptom_changes():
    watch = Watch().see(online=1, paper=1).see(online=1, paper=0, minutes=5).see(online=0, minutes=5)
    watch.see(online=1, paper=1, minutes=5)

    assert [change.state for change in watch.changes] == ["ok", "warn", "down", "ok"]
    assert watch.changes[-1].for_s == 600


def test_a_silent_probe_is_unknown_and_no_warning():
    watch = Watch().see(online=1).see(failed=["printer"], minutes=3)

    assert watch.tracks["printer"].state == "unknown"
    assert watch.codes() == []


def test_a_warning_outlives_a_short_silence_of_its_probe():
    watch = Watch().see(online=1).see(online=0, minutes=5).see(failed=["printer"], minutes=10).see(online=0)

    assert watch.standing[0].for_s == 15 * 60


def test_a_probe_that_is_still_at_it_changes_nothing():
    watch = Watch().see(online=0, minutes=5)
    before = watch.tracks

    assert watch.see(pending=["printer"], minutes=5).tracks == before


def test_a_probe_that_was_taken_away_ends_its_warning():
    watch = Watch().see(online=0, minutes=5).see()

    assert watch.tracks == {}
    assert (watch.changes[-1].state, watch.changes[-1].for_s) == ("unknown", 300)


def test_a_warning_outlives_a_short_silence_of_a_device_that_was_there():
    watch = Watch().see(online=1).see(online=0, minutes=5).see(absent=["printer"], minutes=10)

    assert watch.codes() == ["offline"]
    assert watch.see(online=0).standing[0].for_s == 15 * 60


def test_a_device_that_was_there_and_gives_nothing_is_unknown_for_three_days_and_then_forgotten():
    watch = Watch().see(online=1).see(absent=["printer"], minutes=3)

    assert watch.tracks["printer"].state == "unknown"
    watch.now += 3 * DAY
    assert watch.see(absent=["printer"]).tracks == {}


def test_a_device_that_never_was_there_is_not_missed():
    assert Watch().see(absent=["printer"], minutes=5).tracks == {}


def test_a_flapping_probe_is_one_warning_with_its_rate():
    watch = Watch().see(online=1)
    for _ in range(15):
        watch.see(online=0, minutes=2).see(online=1, minutes=2)

    assert [change.state for change in watch.changes] == ["ok", "down"]
    assert watch.codes() == ["offline"]
    assert 5 <= watch.standing[0].rate <= 15


@given(st.lists(st.integers(1, 120_000), max_size=80))
def test_turns_are_counted_for_an_hour_in_little_room(gaps_ms):
    turned, now, every = (), MORNING, []
    for gap in gaps_ms:
        now += gap
        turned = health.counted(health.recent(turned, now), now)
        every.append(now)
    true = sum(now - turn < HOUR for turn in every)

    assert abs(health.turns(turned) - true) <= sum(now - turn < HOUR + MINUTE for turn in every) - true
    assert len(turned) <= 60


BUSY = Rule("cpu", "cpu-busy", "warn", "percent", low=95, holds=10)


def test_what_may_peak_for_minutes_is_no_warning_for_some_short_peaks_an_hour():
    watch = Watch(BUSY).see(percent=9)
    for _ in range(20):
        watch.see(percent=99, minutes=2).see(percent=9, minutes=8)

    assert [change.state for change in watch.changes] == ["ok"]


@pytest.mark.parametrize("rule", health_rules.rules(LimitSettings()), ids=lambda rule: f"{rule.code} {rule.reading}")
def test_whatever_shows_in_every_other_round_is_one_warning(rule):
    watch = Watch(rule)
    bad, good = (rule.high - 0.5, rule.high) if rule.low == -math.inf else (rule.low, rule.low - 1)
    for _ in range(60):
        watch.see(**{rule.reading: good}).see(**{rule.reading: bad})

    assert watch.codes() == [rule.code]
    assert [change.state for change in watch.changes][-1:] == [rule.severity]


def test_a_probe_that_calmed_down_flaps_no_more():
    watch = Watch().see(online=1)
    for _ in range(8):
        watch.see(online=0).see(online=1)
    watch.see(online=1, minutes=90)

    assert watch.codes() == []
    assert [change.state for change in watch.changes] == ["ok", "down", "ok"]


def test_no_network_is_one_warning_and_explains_the_others():
    watch = Watch(
        Rule("network", "no-network", "down", "up", high=1),
        Rule("link", "link-no-dns", "down", "dns", high=1),
        Rule("ledger", "upload-late", "warn", "sent", high=1),
        Rule("clock", "clock-unknown", "warn", "told", high=1),
    ).see(up=0, dns=0, sent=0, told=0, minutes=5)

    assert watch.codes() == ["no-network"]
    assert {each.explained_by for each in watch.standing} == {None, "no-network"}
    assert len(watch.standing) == 4


def test_an_explanation_is_followed_to_its_root():
    explained_by = {"c": ("b",), "b": ("a",), "a": ("c",)}

    assert explaining.cause("c", {"a", "b", "c"}, {"c": ("b",), "b": ("a",)}) == "a"
    assert explaining.cause("c", {"b", "c"}, explained_by) == "b"
    assert explaining.cause("c", {"c"}, explained_by) is None


def test_after_a_step_of_the_clock_a_warning_has_lasted_as_long():
    watch = Watch().see(online=1).see(online=0, minutes=11)
    watch.tracks = {
        probe: health.moved(track, Step(0, -3 * HOUR, -3 * HOUR, 0)) for probe, track in watch.tracks.items()
    }
    watch.before -= 3 * HOUR

    assert watch.standing[0].for_s == 600


def test_the_worst_state_is_the_verdict():
    assert health.verdict(["ok", "unknown", "warn", "down"]) == "down"
    assert health.verdict(["ok", "unknown", "warn"]) == "warn"
    assert health.verdict(["ok", "unknown"]) == "unknown"
    assert health.verdict([]) == "ok"


@given(st.lists(st.sampled_from([0.0, 1.0, math.nan, None]), max_size=200))
def test_whatever_a_probe_shows_outages_begin_and_end_in_turn(shown):
    watch = Watch(DOWN)
    for value in shown:
        if value is None:
            watch.see(failed=["printer"])
        else:
            watch.see(online=value)
    bad = [change.state == "down" for change in watch.changes if change.was == "down" or change.state == "down"]

    assert bad == [place % 2 == 0 for place in range(len(bad))]
    assert all(change.for_s >= 0 for change in watch.changes if change.for_s is not None)
    assert all(each.for_s >= 0 for each in watch.standing)
