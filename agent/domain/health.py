"""What rounds of readings come to: the state of each probe, one warning each, outages told once.

Every probe has one track. A round shows at most one symptom of it, the worst; what it shows must
last before it counts, and what comes and goes is one warning with its rate.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

import msgspec

from agent.domain.clock_steps import Step

ProbeState = Literal["ok", "warn", "down", "unknown"]
Severity = Literal["warn", "down"]
STATES: Final[tuple[ProbeState, ...]] = ("ok", "warn", "down", "unknown")

SILENT: Final = "?"  # the symptom of a probe that was asked and gave no reading
RATE_MS: Final = 3_600_000
FLAPS: Final = 6  # turns between good and bad in an hour that make a flapping probe, for each time of its hold
CALM_FLAPS: Final = 2  # so few in an hour, for each time of its hold, and it flaps no more
MOST_OFTEN: Final = 10.0  # times that: looked at each minute, nothing turns more often than sixty times an hour
TOGETHER_MS: Final = 60_000  # turns of one stretch are counted and not kept one by one: a track is written with them
SILENT_WHEN_BAD: Final = 30.0  # times the hold: a warning outlives a short silence of its probe
FORGOTTEN_MS: Final = 3 * 24 * RATE_MS  # what went silent on a Friday is still asked after on Monday


class Rule(msgspec.Struct, frozen=True):
    """A symptom: `code` while low <= the reading < high, for `holds` times the hold of the settings."""

    probe: str
    code: str
    severity: Severity
    reading: str
    low: float = -math.inf
    high: float = math.inf
    holds: float = 1.0

    def fits(self, readings: Mapping[str, float]) -> bool:
        """Whether these readings show it."""
        value = readings.get(self.reading)
        return value is not None and self.low <= value < self.high


class Round(msgspec.Struct, frozen=True):
    """What a look at the machine gave: name → number, probe → words that a technician reads as evidence.

    `failed` were asked and gave nothing; `pending` are still at it, and say nothing yet; `absent`
    answered that there is nothing to read.
    """

    readings: Mapping[str, float]
    said: Mapping[str, str] = {}
    failed: frozenset[str] = frozenset()
    pending: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()


class Track(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is remembered of a probe between rounds; times are ms UTC.

    `code` is the symptom that counts, empty while well. `since`: when this side, good or bad,
    began. `lean` is another symptom that the newest rounds show, `turned` are changes of
    side: when the first of a stretch was, and how many. `bad_s`: how long all its outages that are over lasted.
    """

    state: ProbeState = "unknown"
    code: str = ""
    since: int = 0
    last_good: int = 0
    lean: str | None = None
    lean_since: int = 0
    flaps: bool = False
    turned: tuple[tuple[int, int], ...] = ()
    evidence: str = ""
    bad_s: int = 0

    @property
    def newest(self) -> str:
        """The symptom of the newest round."""
        return self.code if self.lean is None else self.lean

    @property
    def is_bad(self) -> bool:
        """Whether a warning stands."""
        return self.state in ("warn", "down")


class Change(msgspec.Struct, frozen=True):
    """A probe went from one state to another at `since`, ms UTC.

    `for_s` is how long it was bad, told once, when that is over. `last_good`: the last round that was well.
    """

    probe: str
    state: ProbeState
    was: ProbeState
    code: str
    since: int
    last_good: int
    evidence: str = ""
    for_s: int | None = None


class Judged(msgspec.Struct, frozen=True):
    """What a round came to; `seen` is how it showed each probe, whether that counts yet or not."""

    tracks: dict[str, Track]
    changes: tuple[Change, ...]
    seen: dict[str, ProbeState]


class Moment(msgspec.Struct, frozen=True):
    """When the round before and this one were taken, ms UTC, and how long a symptom must last, ms."""

    before: int
    now: int
    hold: float


def judge(found: Round, rules: Sequence[Rule], before: Mapping[str, Track], moment: Moment) -> Judged:
    """The tracks after a round, and what changed its state. A probe that nobody asks any more has no track."""
    tracks: dict[str, Track] = {}
    seen: dict[str, ProbeState] = {}
    for probe, own in by_probe(rules).items():
        track = before.get(probe)
        if probe in found.pending:
            tracks |= {probe: track} if track else {}
        elif (gave := any(rule.reading in found.readings for rule in own)) or is_missed(probe, track, found, moment):
            rule = next((rule for rule in own if rule.fits(found.readings)), None)
            code = rule.code if rule else "" if gave and probe not in found.failed else SILENT
            seen[probe] = state_of(code, own)
            tracks[probe] = stepped(track or Track(), code, own, moment, found.said.get(probe, ""))
    return Judged(tracks, tuple(changes(before, tracks, moment.now)), seen)


def is_missed(probe: str, track: Track | None, found: Round, moment: Moment) -> bool:
    """Whether a probe without a reading should have given one: it failed, or it was there and is not forgotten yet."""
    forgotten = track is None or (track.state == "unknown" and moment.now - track.since >= FORGOTTEN_MS)
    return probe in found.failed or (probe in found.absent and not forgotten)


def by_probe(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    """The rules of each probe, the worst symptom first."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        found.setdefault(rule.probe, []).append(rule)
    return found


def stepped(track: Track, code: str, rules: Sequence[Rule], moment: Moment, said: str) -> Track:
    """A track after one more round that shows `code`."""
    turned = recent(track.turned, moment.now)
    if is_bad(code) != is_bad(track.newest) and SILENT not in (code, track.newest) and track.since:
        turned = counted(turned, moment.now)
    flaps = turns(turned) > often(rules) * CALM_FLAPS if track.flaps else turns(turned) >= often(rules) * FLAPS
    track = msgspec.structs.replace(leaning(track, code, moment), turned=turned, flaps=flaps)
    bad = code if is_bad(code) else track.code
    if flaps and not track.is_bad and is_bad(bad):
        return settled(track, bad, rules, turned[0][0], said)
    if track.lean is None or (flaps and not is_bad(code)):
        return track
    if moment.now - track.lean_since < hold_of(track, code, rules, moment.hold):
        return track
    return settled(track, code, rules, track.lean_since, said)


Turned = tuple[tuple[int, int], ...]


def recent(turned: Turned, now: int) -> Turned:
    """The stretches that began within the last hour."""
    return tuple(each for each in turned if now - each[0] < RATE_MS)


def counted(turned: Turned, now: int) -> Turned:
    """With one turn more."""
    if turned and now - turned[-1][0] < TOGETHER_MS:
        first, count = turned[-1]
        return (*turned[:-1], (first, count + 1))
    return (*turned, (now, 1))


def turns(turned: Turned) -> int:
    """How many they are."""
    return sum(count for _, count in turned)


def often(rules: Iterable[Rule]) -> float:
    """How many times as often a probe must turn to flap: what may peak for minutes does so on a good day too."""
    return min(MOST_OFTEN, max(1.0, *(rule.holds for rule in rules)))


def leaning(track: Track, code: str, moment: Moment) -> Track:
    """The track, leaning to what this round shows; a lean from good to bad goes on while the symptom changes."""
    silent = track.state == "unknown" and track.since > 0  # and not merely new
    if code == SILENT if silent else (code == track.code and track.state != "unknown"):
        return msgspec.structs.replace(track, lean=None, lean_since=0)
    goes_on = track.lean is not None and (
        track.lean == code or (not track.is_bad and is_bad(track.lean) == is_bad(code))
    )
    if goes_on:
        return msgspec.structs.replace(track, lean=code)
    good = moment.before if track.state == "ok" and is_bad(code) else track.last_good
    return msgspec.structs.replace(track, lean=code, lean_since=moment.now, last_good=good)


def hold_of(track: Track, code: str, rules: Sequence[Rule], hold: float) -> float:
    """How long, in ms, this symptom must last to count."""
    if track.state == "unknown" and not is_bad(code):
        return 0.0
    if code == SILENT:
        return hold * (SILENT_WHEN_BAD if track.is_bad else 1.0)
    return hold * max((rule.holds for rule in rules if rule.code == code), default=0.5)


def settled(track: Track, code: str, rules: Sequence[Rule], since: int, said: str) -> Track:
    """The track once its newest symptom counts; going from bad to bad, the outage goes on."""
    goes_on = track.is_bad and is_bad(code)
    lasted = max(0, since - track.since) // 1000 if track.is_bad and not goes_on else 0
    return msgspec.structs.replace(
        track,
        state=state_of(code, rules),
        code="" if code == SILENT else code,
        since=track.since if goes_on else since,
        lean=None,
        lean_since=0,
        evidence=said if code else "",
        bad_s=track.bad_s + lasted,
    )


def is_bad(code: str) -> bool:
    """Whether a symptom is one, and not silence."""
    return code not in ("", SILENT)


def state_of(code: str, rules: Iterable[Rule]) -> ProbeState:
    """The state of a probe with that symptom."""
    if code == SILENT:
        return "unknown"
    return next((rule.severity for rule in rules if rule.code == code), "ok")


def changes(before: Mapping[str, Track], after: Mapping[str, Track], now: int) -> Iterable[Change]:
    """What went from one state to another; a probe that was taken away is unknown from now on."""
    for probe in sorted({*before, *after}):
        was, track = before.get(probe, Track()), after.get(probe, Track(since=now))
        if (was.state, was.code) == (track.state, track.code):
            continue
        lasted = (track.since - was.since) // 1000 if was.is_bad and not track.is_bad else None
        since = track.since if track.is_bad != was.is_bad or not track.is_bad else now
        good = track.last_good
        yield Change(probe, track.state, was.state, track.code, since, good, track.evidence, lasted)


def rate(track: Track, now: int) -> int:
    """How often in the last hour a flapping probe went bad; 0 for one that does not flap."""
    return math.ceil(turns(recent(track.turned, now)) / 2) if track.flaps else 0


def verdict(states: Iterable[str]) -> ProbeState:
    """The worst of the states: down, warn, unknown, ok."""
    found = set(states)
    return next((state for state in ("down", "warn", "unknown") if state in found), "ok")


def moved(track: Track, step: Step) -> Track:
    """The track after a step of the clock that its times are told by: what lasted goes on lasting."""
    return msgspec.structs.replace(
        track,
        since=step.moved(track.since),
        last_good=step.moved(track.last_good) if track.last_good else 0,
        lean_since=step.moved(track.lean_since) if track.lean is not None else 0,
        turned=tuple((step.moved(first), count) for first, count in track.turned),
    )
